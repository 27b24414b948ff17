using System.Collections.Frozen;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Exchanges;

/// <summary>Reads a client's wishes from its <c>x-dragoman-*</c> headers and the body's <c>dragoman</c> object; the header wins.</summary>
public static class WishesReader
{
    /// <summary>What a header that carries a wish begins with; dashes stand for the underscores of the wish's name.</summary>
    public const string HeaderPrefix = "x-dragoman-";

    private const string BodyName = "dragoman";

    /// <summary>Reads one wish; gives the wishes with it, or null and an error.</summary>
    private delegate Wishes? Reader(
        Wishes wishes,
        WishValue value,
        string field,
        out GatewayError? error
    );

    private static readonly FrozenDictionary<string, Reader> Readers = new Dictionary<
        string,
        Reader
    >(StringComparer.Ordinal)
    {
        ["fallback"] = ReadFallback,
        ["chain"] = Text(static (wishes, text) => wishes with { Chain = text }),
        ["local_only"] = Flag(static (wishes, flag) => wishes with { LocalOnly = flag }),
        ["prefer_local"] = Flag(static (wishes, flag) => wishes with { PreferLocal = flag }),
        ["region"] = ReadRegions,
        ["required_capabilities"] = ReadCapabilities,
        ["required_capability"] = ReadCapabilities,
        ["strict"] = Flag(static (wishes, flag) => wishes with { Strict = flag }),
        ["tags"] = ReadTags,
        ["workspace_id"] = Text(static (wishes, text) => wishes with { WorkspaceId = text }),
        ["execution_id"] = Text(static (wishes, text) => wishes with { ExecutionId = text }),
        ["user_tier"] = Text(static (wishes, text) => wishes with { UserTier = text }),
        ["task_type"] = OneOf(
            TaskNames.Words,
            static (wishes, text) => wishes with { TaskType = text }
        ),
        // Which strategies there are is known where they are: programs may add their own.
        ["strategy"] = Text(static (wishes, text) => wishes with { Strategy = text }),
        // Nothing is cached yet: what forbids caching is met as it is, what asks for it is refused.
        ["cache"] = Only(["default", "no-cache", "no-store"], Unchanged),
        ["context"] = OneOf(
            ["full", "windowed", "summarized"],
            static (wishes, text) =>
                wishes with
                {
                    Context = Enum.Parse<ContextStrategy>(text, ignoreCase: true),
                }
        ),
        ["pinned"] = ReadPinned,
        ["max_cost_usd"] = ReadMaxCost,
        ["max_latency_ms"] = ReadMaxLatency,
        ["prefer_low_latency"] = Flag(
            static (wishes, flag) => wishes with { PreferLowLatency = flag }
        ),
        ["cache_ttl_s"] = Unbuilt,
        ["conversation_id"] = Unbuilt,
        ["knowledge"] = Unbuilt,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="headers">The client's headers whose names begin with <see cref="HeaderPrefix"/>.</param>
    /// <param name="body">The body's <c>dragoman</c> object; empty where there is none.</param>
    /// <param name="wishes"><see cref="Wishes.None"/> itself where nothing was said.</param>
    /// <param name="error">What was wrong, naming the field.</param>
    /// <param name="prefix">What stands before a wish's name where an error names it in the body.</param>
    public static bool TryRead(
        IReadOnlyList<KeyValuePair<string, string>> headers,
        ReadOnlyMemory<byte> body,
        out Wishes wishes,
        out GatewayError? error,
        string prefix = BodyName + "."
    )
    {
        wishes = Wishes.None;
        error = null;
        if (!body.IsEmpty)
            error = ReadBody(body, prefix, ref wishes);
        for (var i = 0; error is null && i < headers.Count; i++)
        {
            var name = headers[i].Key[HeaderPrefix.Length..].ToLowerInvariant().Replace('-', '_');
            error = ReadOne(name, headers[i].Key, new WishValue(headers[i].Value), ref wishes);
        }
        return error is null;
    }

    private static GatewayError? ReadBody(
        ReadOnlyMemory<byte> body,
        string prefix,
        ref Wishes wishes
    )
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Null)
                return null;
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return Wrong(BodyName, "an object of wishes");
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                var field = prefix + property.Name;
                if (!seen.Add(FirstName(property.Name)))
                    return Invalid(field, $"'{field}' is said twice.");
                var error = ReadOne(
                    property.Name,
                    field,
                    new WishValue(property.Value),
                    ref wishes
                );
                if (error is not null)
                    return error;
            }
            return null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return Wrong(BodyName, "a JSON object");
        }
    }

    /// <summary>Adds one wish whose value is text, a list of it parted by commas; gives what is wrong with it.</summary>
    internal static GatewayError? Add(string name, string value, ref Wishes wishes) =>
        ReadOne(name, name, new WishValue(value), ref wishes);

    /// <summary>True of a word that is a wish's name.</summary>
    internal static bool Knows(string name) => Readers.ContainsKey(name);

    /// <summary>All wishes by their names.</summary>
    internal static IEnumerable<string> Names => Readers.Keys;

    private static GatewayError? ReadOne(
        string name,
        string field,
        WishValue value,
        ref Wishes wishes
    )
    {
        if (!Readers.TryGetValue(name, out var reader))
            return Invalid(
                field,
                $"'{field}' is not a known wish. Known are: {string.Join(", ", Readers.Keys.Order(StringComparer.Ordinal))}."
            );
        if (value.IsNull)
            return null;
        if (reader(wishes, value, field, out var error) is { } changed)
            wishes = changed;
        return error;
    }

    private static Wishes? ReadPinned(
        Wishes wishes,
        WishValue value,
        string field,
        out GatewayError? error
    )
    {
        const int Most = 100;
        error = null;
        if (value.AsPlaces(Most) is { } numbers)
            return wishes with { Pinned = numbers };
        error = Wrong(
            field,
            $"a list of at most {Most} numbers of messages, counted from 0, e.g. [0, 3]"
        );
        return null;
    }

    private static Wishes? ReadFallback(
        Wishes wishes,
        WishValue value,
        string field,
        out GatewayError? error
    )
    {
        error = null;
        if (value.AsFlag() is { } flag)
            return wishes with { Fallback = flag ? null : [] };
        if (value.AsTexts() is { } models)
            return wishes with { Fallback = models };
        error = Wrong(field, "false, or an array of model names");
        return null;
    }

    private static Wishes? ReadMaxCost(
        Wishes wishes,
        WishValue value,
        string field,
        out GatewayError? error
    )
    {
        error = null;
        if (value.AsNumber() is { } usd and >= 0)
            return wishes with { MaxCostUsd = usd };
        error = Wrong(field, "a number of US dollars, 0 or more");
        return null;
    }

    private static Wishes? ReadMaxLatency(
        Wishes wishes,
        WishValue value,
        string field,
        out GatewayError? error
    )
    {
        error = null;
        if (value.AsNumber() is { } milliseconds and >= 1 and <= int.MaxValue)
            return wishes with { MaxLatencyMs = (long)milliseconds };
        error = Wrong(field, "a number of milliseconds, 1 or more");
        return null;
    }

    private static Wishes? ReadTags(
        Wishes wishes,
        WishValue value,
        string field,
        out GatewayError? error
    )
    {
        error = null;
        if (value.AsTexts() is { } tags)
            return wishes with { Tags = tags };
        error = Wrong(field, $"an array of at most {WishValue.MaxItems} short texts");
        return null;
    }

    private static Wishes? ReadRegions(
        Wishes wishes,
        WishValue value,
        string field,
        out GatewayError? error
    )
    {
        error = null;
        // A header's text is a list already.
        if (
            (value.AsTexts() ?? (value.AsText() is { } one ? [one] : null)) is
            { Count: > 0 } regions
        )
            return wishes with { Regions = regions };
        error = Wrong(field, "a region's name, or an array of them");
        return null;
    }

    private static Wishes? ReadCapabilities(
        Wishes wishes,
        WishValue value,
        string field,
        out GatewayError? error
    )
    {
        error = null;
        var words = value.AsTexts() ?? (value.AsText() is { } one ? [one] : null);
        if (words is null)
        {
            error = Wrong(field, "an array of capability names");
            return null;
        }
        var names = new List<string>(words.Count);
        foreach (var word in words)
        {
            if (Capabilities.Find(word) is { } name)
            {
                names.Add(name);
                continue;
            }
            error = Invalid(
                field,
                $"'{field}' names an unknown capability. Known are: {string.Join(", ", Capabilities.Words)}."
            );
            return null;
        }
        return wishes with { RequiredCapabilities = names };
    }

    private static Reader Text(Func<Wishes, string, Wishes> set) =>
        (Wishes wishes, WishValue value, string field, out GatewayError? error) =>
        {
            error = null;
            if (value.AsText() is { } text)
                return set(wishes, text);
            error = Wrong(field, $"a text of 1 to {WishValue.MaxText} characters");
            return null;
        };

    private static Reader Flag(Func<Wishes, bool, Wishes> set) =>
        (Wishes wishes, WishValue value, string field, out GatewayError? error) =>
        {
            error = null;
            if (value.AsFlag() is { } flag)
                return set(wishes, flag);
            error = Wrong(field, "true or false");
            return null;
        };

    /// <summary>A wish of which some values are met already and the others are not.</summary>
    private static Reader Only(string[] met, Func<Wishes, string, Wishes> set) =>
        (Wishes wishes, WishValue value, string field, out GatewayError? error) =>
        {
            error = null;
            if (value.AsText() is not { } text)
                error = Wrong(field, "a text");
            else if (!met.Contains(text, StringComparer.Ordinal))
                error = NotSupported(field, $"'{field}' other than {string.Join(", ", met)}");
            else
                return set(wishes, text);
            return null;
        };

    private static Reader OneOf(IReadOnlyList<string> known, Func<Wishes, string, Wishes> set) =>
        (Wishes wishes, WishValue value, string field, out GatewayError? error) =>
        {
            var text = value.AsText();
            var isKnown = text is not null && known.Contains(text, StringComparer.Ordinal);
            error = isKnown ? null : Wrong(field, "one of " + string.Join(", ", known));
            return isKnown ? set(wishes, text!) : null;
        };

    private static Wishes Unchanged(Wishes wishes, string text) => wishes;

    /// <summary>The two spellings of one wish count as one.</summary>
    private static string FirstName(string name) =>
        name == "required_capability" ? "required_capabilities" : name;

    private static Wishes? Unbuilt(
        Wishes wishes,
        WishValue value,
        string field,
        out GatewayError? error
    )
    {
        error = NotSupported(field, $"The wish '{field}'");
        return null;
    }

    private static GatewayError Wrong(string field, string expected) =>
        Invalid(field, $"'{field}' must be {expected}.");

    private static GatewayError Invalid(string field, string message) =>
        new(GatewayErrorKind.InvalidRequest, message) { Code = "invalid_wish", Param = field };

    private static GatewayError NotSupported(string field, string what) =>
        new(GatewayErrorKind.NotSupported, what + " is not supported yet.")
        {
            Code = "not_supported",
            Param = field,
        };
}
