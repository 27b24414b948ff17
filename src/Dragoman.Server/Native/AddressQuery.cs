using System.Globalization;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Dragoman.Server.Native;

/// <summary>
/// Reads an address's query, field by field, and keeps the first thing that is wrong with it. Every field that is asked for counts
/// as known; <see cref="Done"/> then refuses the others. A field that is absent is null; one that is empty is wrong.
/// </summary>
internal sealed class AddressQuery(IQueryCollection query)
{
    /// <summary>A key may come in the query of every address.</summary>
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal) { "key" };

    /// <summary>What is wrong, naming the field; null where nothing is.</summary>
    public GatewayError? Error { get; private set; }

    public string? Text(string name)
    {
        if (Find(name) is not { } values)
            return null;
        if (values is [{ Length: > 0 and <= 256 } text])
            return text;
        Wrong(name, "one text of 1 to 256 characters");
        return null;
    }

    /// <summary>One of some words.</summary>
    public string? Word(string name, params IReadOnlyList<string> allowed)
    {
        if (Text(name) is not { } word)
            return null;
        if (allowed.Contains(word, StringComparer.Ordinal))
            return word;
        Wrong(name, "one of " + string.Join(", ", allowed), NearestName.Of(word, allowed));
        return null;
    }

    /// <summary>Some words, with commas between them or said again and again.</summary>
    public IReadOnlyList<string> Words(string name, params IReadOnlyList<string> allowed)
    {
        if (Find(name) is not { } values)
            return [];
        string[] words =
        [
            .. values.SelectMany(static value =>
                (value ?? "").Split(',', StringSplitOptions.TrimEntries)
            ),
        ];
        foreach (var word in words)
            if (!allowed.Contains(word, StringComparer.Ordinal))
                Wrong(
                    name,
                    "one or more of " + string.Join(", ", allowed),
                    NearestName.Of(word, allowed)
                );
        return words;
    }

    public bool? Flag(string name)
    {
        switch (Text(name))
        {
            case null:
                return null;
            case "true":
                return true;
            case "false":
                return false;
            default:
                Wrong(name, "true or false");
                return null;
        }
    }

    public decimal? Number(string name, decimal min, decimal max, string unit)
    {
        if (Text(name) is not { } text)
            return null;
        if (
            decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= min
            && number <= max
        )
            return number;
        Wrong(name, FormattableString.Invariant($"a number from {min} to {max} ({unit})"));
        return null;
    }

    public int? Whole(string name, int min, int max)
    {
        if (Text(name) is not { } text)
            return null;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min
            && number <= max
        )
            return number;
        Wrong(name, FormattableString.Invariant($"a whole number from {min} to {max}"));
        return null;
    }

    /// <summary>Refuses a field: what it must be, and what was probably meant.</summary>
    public void Wrong(string name, string expected, string? meant = null) =>
        Error ??= new GatewayError(
            GatewayErrorKind.InvalidRequest,
            $"{name} must be {expected}.{(meant is null ? "" : $" Did you mean '{meant}'?")}"
        )
        {
            Param = name,
        };

    /// <summary>Refuses the fields that nobody asked for.</summary>
    public void Done()
    {
        foreach (var name in query.Keys)
            if (!_known.Contains(name))
                Error ??= new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    $"'{(name.Length <= 40 ? name : name[..40] + "…")}' is not known here. Known are: {string.Join(", ", _known.Where(static known => known != "key"))}.{(NearestName.Of(name, _known) is { } near ? $" Did you mean '{near}'?" : "")}"
                )
                {
                    Param = name,
                };
    }

    private StringValues? Find(string name)
    {
        _known.Add(name);
        return query.TryGetValue(name, out var values) ? values : (StringValues?)null;
    }
}
