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

    private readonly IQueryCollection _query;

    /// <param name="query">As they came.</param>
    /// <param name="known">All that the address knows.</param>
    public QueryParameters(IQueryCollection query, params ReadOnlySpan<string> known)
    {
        _query = query;
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name))
                Wrong(name, $"'{name}' is not known here. Known are: {string.Join(", ", known)}.");
            else if (values.Count > 1)
                Wrong(name, $"'{name}' may be said once.");
            else if (string.IsNullOrEmpty(values[0]))
                Wrong(name, $"'{name}' has no value; leave it out where nothing is meant.");
        }
    }

    /// <summary>The first mistake; null while there is none.</summary>
    public GatewayError? Error { get; private set; }

    public bool Has(string name) => _query.ContainsKey(name);

    public string? Text(string name) => _query[name] is [{ Length: > 0 } text, ..] ? text : null;

    public string? OneOf(string name, IReadOnlyList<string> allowed)
    {
        var text = Text(name);
        if (text is null || allowed.Contains(text, StringComparer.Ordinal))
            return text;
        Wrong(name, $"'{name}' must be one of {string.Join(", ", allowed)}.");
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
}
