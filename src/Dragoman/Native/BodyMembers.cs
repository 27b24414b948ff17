using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;

namespace Dragoman.Native;

/// <summary>
/// The members of a JSON body of the native API, read strictly: the first mistake is kept, with the member's name and what is allowed.
/// A member that is null counts as not said.
/// </summary>
internal sealed class BodyMembers
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly BodyMembers? _whole;
    private readonly string _path;
    private GatewayError? _error;

    private BodyMembers(BodyMembers? whole, string path) => (_whole, _path) = (whole, path);

    /// <summary>What is wrong, naming the member; null while nothing is.</summary>
    public GatewayError? Error => _whole is null ? _error : _whole.Error;

    /// <summary>Those that were said, null ones included.</summary>
    public IEnumerable<KeyValuePair<string, JsonElement>> All => _members;

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="example">What a right one looks like.</param>
    /// <param name="known">Every member it may have, in any order.</param>
    /// <param name="read">Takes what it needs of the members; what is wrong with them it need not tell again.</param>
    /// <param name="asked">What was read; null where anything is wrong.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryRead<T>(
        ReadOnlyMemory<byte> body,
        string example,
        IReadOnlyList<string> known,
        Func<BodyMembers, T?> read,
        out T? asked,
        out GatewayError? error
    )
        where T : class
    {
        asked = null;
        try
        {
            using var document = JsonDocument.Parse(
                body,
                new JsonDocumentOptions { MaxDepth = JsonCursor.MaxDepth }
            );
            var members = new BodyMembers(whole: null, path: "");
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                members.Fail($"The body must be an object such as {example}.", null);
            else
                members.Take(document.RootElement, known);
            if (members.Error is null)
                asked = read(members);
            error = members.Error;
        }
        // The second: a text that no UTF-16 holds, such as half a surrogate pair.
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            error = new GatewayError(
                GatewayErrorKind.InvalidRequest,
                $"The body is not valid JSON: send an object such as {example}."
            )
            {
                Code = "invalid_json",
            };
        }
        if (error is not null)
            asked = null;
        return error is null;
    }

    /// <summary>The members of a member, told under its name: <c>constraints.local</c>; null where it is not said or is no object.</summary>
    public BodyMembers? Inner(string name, IReadOnlyList<string> known)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fail($"'{_path}{name}' must be an object of {string.Join(", ", known)}.", name);
            return null;
        }
        var inner = new BodyMembers(_whole ?? this, $"{_path}{name}.");
        inner.Take(value, known);
        return inner;
    }

    public JsonElement? Find(string name) =>
        _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public string? Text(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (
            value.ValueKind == JsonValueKind.String
            && value.GetString() is { } text
            && text.Length > 0
        )
            return text;
        Fail($"'{_path}{name}' must be a text.", name);
        return null;
    }

    /// <summary>A text or a list of texts; null where it is not said.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        switch (Find(name))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } one:
                return [one.GetString()!];
            case { ValueKind: JsonValueKind.Array } list
                when list.EnumerateArray()
                    .All(static item => item.ValueKind == JsonValueKind.String):
                return [.. list.EnumerateArray().Select(static item => item.GetString()!)];
            default:
                Fail($"'{_path}{name}' must be a text or a list of texts.", name);
                return null;
        }
    }

    public bool? Flag(string name)
    {
        switch (Find(name)?.ValueKind)
        {
            case null:
                return null;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Fail($"'{_path}{name}' must be true or false.", name);
                return null;
        }
    }

    /// <summary>US dollars.</summary>
    public decimal? Amount(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var usd) && usd >= 0)
            return usd;
        Fail($"'{_path}{name}' must be a number of US dollars, 0 or more.", name);
        return null;
    }

    public long? Number(string name, long least, long most, string allowed)
    {
        if (Find(name) is not { } value)
            return null;
        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number)
            && number >= least
            && number <= most
        )
            return number;
        Fail($"'{_path}{name}' must be {allowed}.", name);
        return null;
    }

    public double? Real(string name, double least, double most)
    {
        if (Find(name) is not { } value)
            return null;
        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number)
            && number >= least
            && number <= most
        )
            return number;
        Fail(
            FormattableString.Invariant(
                $"'{_path}{name}' must be a number from {least} to {most}."
            ),
            name
        );
        return null;
    }

    /// <summary>Refuses a member, or the whole body.</summary>
    public void Fail(string message, string? member)
    {
        if (_whole is not null)
        {
            _whole.Fail(message, _path + member);
            return;
        }
        _error ??= new GatewayError(GatewayErrorKind.InvalidRequest, message)
        {
            Code = "invalid_request",
            Param = member,
        };
    }

    /// <summary>Refuses with an error that somebody else found.</summary>
    public void Fail(GatewayError error) => _error ??= error;

    private void Take(JsonElement value, IReadOnlyList<string> known)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal))
                Fail(Unknown(_path, member.Name, known), member.Name);
            else if (!_members.TryAdd(member.Name, member.Value))
                Fail($"'{_path}{member.Name}' is said twice.", member.Name);
        }
    }

    private static string Unknown(string path, string name, IReadOnlyList<string> known)
    {
        var nearest = NearestName.Of(name, known);
        return $"'{path}{name}' is not known here"
            + (nearest is null ? ". Known are: " : $"; did you mean '{path}{nearest}'? Known are: ")
            + string.Join(", ", known.Distinct().Order(StringComparer.Ordinal))
            + ".";
    }
}
