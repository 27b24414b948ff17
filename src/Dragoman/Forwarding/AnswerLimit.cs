using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Forwarding;

/// <summary>Puts the longest answer that a budget allows into a request, wherever its dialect has the place for it. A shorter wish of the client's stands.</summary>
internal static class AnswerLimit
{
    /// <summary>The members that say it in a dialect, the usual one first, and the object they stand in; null is the body itself.</summary>
    private sealed record Place(string? Inside, params string[] Names);

    private static readonly Place Chat = new(null, "max_tokens", "max_completion_tokens");
    private static readonly Place Responses = new(null, "max_output_tokens");
    private static readonly Place Messages = new(null, "max_tokens");
    private static readonly Place Gemini = new(
        "generationConfig",
        "maxOutputTokens",
        "max_output_tokens"
    );
    private static readonly Place Ollama = new("options", "num_predict");

    /// <summary>The request with it.</summary>
    public static ChatRequest Bound(ChatRequest request, long most, Deployment target)
    {
        var isNewer =
            request.MaxCompletionTokens is not null
            || (request.MaxTokens is null && TakesNewerName(target));
        return isNewer
            ? request with
            {
                MaxCompletionTokens = Math.Min(most, request.MaxCompletionTokens ?? most),
                MaxTokens = request.MaxTokens is { } said ? Math.Min(most, said) : null,
            }
            : request with
            {
                MaxTokens = Math.Min(most, request.MaxTokens ?? most),
            };
    }

    /// <summary>The edits that bring it into a body that is relayed.</summary>
    public static void Bound(
        List<BodySplice.Edit> edits,
        ReadOnlySpan<byte> body,
        RequestEnvelope envelope,
        string dialect,
        Deployment target,
        long most
    )
    {
        var place = dialect switch
        {
            "openai-responses" => Responses,
            "anthropic" => Messages,
            "gemini" => Gemini,
            "ollama" => Ollama,
            _ => Chat,
        };
        var json = new Utf8JsonReader(
            body,
            new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
        );
        json.Read();
        if (place.Inside is not { } inside)
        {
            if (!Replace(edits, ref json, place, most))
                Insert(edits, envelope.FirstMember, NameIn(place, target), most, isEmpty: false);
            return;
        }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = json.ValueTextEquals(inside) || json.ValueTextEquals(Snake(inside));
            json.Read();
            if (!isIt || json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }
            var start = (int)json.BytesConsumed;
            var isEmpty = body[start..].TrimStart(" \t\r\n"u8)[0] == (byte)'}';
            if (!Replace(edits, ref json, place, most))
                Insert(edits, start, place.Names[0], most, isEmpty);
            return;
        }
        edits.Add(
            new BodySplice.Edit(
                envelope.FirstMember,
                envelope.FirstMember,
                Encoding.UTF8.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"\"{inside}\":{{\"{place.Names[0]}\":{most}}},"
                    )
                )
            )
        );
    }

    /// <summary>Replaces what stands there, in the object that begins here; false where nothing does.</summary>
    private static bool Replace(
        List<BodySplice.Edit> edits,
        ref Utf8JsonReader json,
        Place place,
        long most
    )
    {
        var found = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = false;
            foreach (var name in place.Names)
                isIt |= json.ValueTextEquals(name);
            json.Read();
            var start = (int)json.TokenStartIndex;
            // Less than one (Ollama's -1 and -2) is no limit.
            var isShorter =
                json.TokenType == JsonTokenType.Number
                && json.TryGetInt64(out var said)
                && said > 0
                && said <= most;
            json.Skip();
            if (!isIt)
                continue;
            found = true;
            if (!isShorter)
                edits.Add(
                    new BodySplice.Edit(
                        start,
                        (int)json.BytesConsumed,
                        Encoding.UTF8.GetBytes(most.ToString(CultureInfo.InvariantCulture))
                    )
                );
        }
        return found;
    }

    private static void Insert(
        List<BodySplice.Edit> edits,
        int at,
        string name,
        long most,
        bool isEmpty
    ) =>
        edits.Add(
            new BodySplice.Edit(
                at,
                at,
                Encoding.UTF8.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"\"{name}\":{most}{(isEmpty ? "" : ",")}"
                    )
                )
            )
        );

    private static string NameIn(Place place, Deployment target) =>
        ReferenceEquals(place, Chat) && TakesNewerName(target)
            ? "max_completion_tokens"
            : place.Names[0];

    /// <summary>OpenAI's reasoning models refuse <c>max_tokens</c>; of other servers many know only that (platform.openai.com, chat API reference, seen 2026-11).</summary>
    private static bool TakesNewerName(Deployment target) =>
        target.Provider.Type.Name is "openai" or "azure";

    /// <summary>Gemini takes its members in either spelling.</summary>
    private static string Snake(string name) =>
        name == "generationConfig" ? "generation_config" : name;
}
