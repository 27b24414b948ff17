using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>Reads a whole JSON body with a cursor, from the first token to the last.</summary>
internal static class JsonBody
{
    /// <summary>Reads the value the cursor stands on; null where it is wrong, which the cursor then says.</summary>
    public delegate T? Reading<T>(ref JsonCursor json)
        where T : class;

    /// <summary>Reads a body that a client sent: what is wrong with it is said, not borne.</summary>
    public static bool TryRead<T>(
        ReadOnlyMemory<byte> body,
        Reading<T> read,
        out T? value,
        out GatewayError? error
    )
        where T : class
    {
        value = null;
        try
        {
            var json = new JsonCursor(body, isLenient: false);
            json.Enter();
            value = read(ref json);
            json.Leave();
            error = json.Fault;
        }
        catch (JsonException e)
        {
            error = JsonCursor.NotJson(e);
        }
        if (error is not null)
            value = null;
        return value is not null;
    }
}
