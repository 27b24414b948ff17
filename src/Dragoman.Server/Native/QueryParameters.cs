using System.Globalization;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Native;

/// <summary>The parameters of one address, read strictly: the first mistake is kept, with the parameter's name and what is allowed.</summary>
internal sealed class QueryParameters
{
    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    private const int MostLetters = 256;

    private readonly IQueryCollection _query;

    /// <param name="query">As they came.</param>
    /// <param name="known">All that the address knows.</param>
    public QueryParameters(IQueryCollection query, params ReadOnlySpan<string> known)
    {
        _query = query;
        foreach (var (name, _) in query)
        {
            // A key may come in the query of every address: the gate has seen to it.
            if (name != "key" && !known.Contains(name))
                Wrong(
                    name,
                    $"'{(name.Length <= 40 ? name : name[..40] + "…")}' is not known here. Known are: {string.Join(", ", known)}.{Meant(name, known.ToArray())}"
                );
        }
    }

    /// <summary>The first mistake; null while there is none.</summary>
    public GatewayError? Error { get; private set; }

    public bool Has(string name) => _query.ContainsKey(name);

    /// <summary>One text; null where it is not said.</summary>
    public string? Text(string name)
    {
        if (!_query.TryGetValue(name, out var values))
            return null;
        if (values is [{ Length: > 0 and <= MostLetters } text])
            return text;
        Wrong(
            name,
            values.Count > 1 ? $"'{name}' may be said once."
                : string.IsNullOrEmpty(values[0])
                    ? $"'{name}' has no value; leave it out where nothing is meant."
                : $"'{name}' may have {MostLetters} characters at most."
        );
        return null;
    }

    /// <summary>One of some words.</summary>
    public string? OneOf(string name, params IReadOnlyList<string> allowed)
    {
        var text = Text(name);
        if (text is null || allowed.Contains(text, StringComparer.Ordinal))
            return text;
        Wrong(name, $"'{name}' must be one of {string.Join(", ", allowed)}.{Meant(text, allowed)}");
        return null;
    }

    /// <summary>Some words, with commas between them or said again and again.</summary>
    public IReadOnlyList<string> SomeOf(string name, IReadOnlyList<string> allowed)
    {
        if (!_query.TryGetValue(name, out var values))
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
                    $"'{name}' must be one or more of {string.Join(", ", allowed)}.{Meant(word, allowed)}"
                );
        return words;
    }

    public bool? Flag(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (bool.TryParse(text, out var flag))
            return flag;
        Wrong(name, $"'{name}' must be true or false.");
        return null;
    }

    /// <summary>A number that need not be whole.</summary>
    public decimal? Amount(string name, decimal least, decimal most, string unit)
    {
        if (Text(name) is not { } text)
            return null;
        if (
            decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
        )
            return number;
        Wrong(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{name}' must be a number from {least} to {most} ({unit})."
            )
        );
        return null;
    }

    public int? Number(string name, int least, int most)
    {
        if (Text(name) is not { } text)
            return null;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
        )
            return number;
        Wrong(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{name}' must be a whole number from {least} to {most}."
            )
        );
        return null;
    }

    /// <summary>A time; without an offset it is UTC's.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        // The + of an offset stands for a space in a query.
        if (
            DateTimeOffset.TryParseExact(
                text.Replace(' ', '+'),
                TimeFormats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
        )
            return time;
        Wrong(
            name,
            $"'{name}' must be a day such as 2026-11-20 or a time such as 2026-11-20T13:30:00Z."
        );
        return null;
    }

    public void Wrong(string name, string message) =>
        Error ??= new GatewayError(GatewayErrorKind.InvalidRequest, message)
        {
            Code = "invalid_parameter",
            Param = name,
        };

    private static string Meant(string word, IReadOnlyList<string> allowed) =>
        NearestName.Of(word, allowed) is { } near ? $" Did you mean '{near}'?" : "";
}
