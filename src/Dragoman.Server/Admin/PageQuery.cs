using Dragoman.Administration;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Admin;

/// <summary>Which page of a list is asked for: <c>?after=&amp;limit=</c>.</summary>
internal readonly record struct PageQuery(string? After, int Limit)
{
    private const int Usual = 100;
    private const int Most = 1000;

    /// <summary>The names of its parameters, for who reads others beside.</summary>
    public static readonly string[] Names = ["after", "limit"];

    /// <summary>Reads it; what is wrong stands in <paramref name="query"/>'s error.</summary>
    public static PageQuery Read(QueryParameters query) =>
        new(query.Text("after"), query.Number("limit", 1, Most) ?? Usual);

    /// <summary>The same for a list that takes no other parameters.</summary>
    public static PageQuery Read(HttpContext context, out QueryParameters query) =>
        Read(query = new QueryParameters(context.Request.Query, Names));

    /// <summary>Cuts the page out of a whole list that is in the order of its ids.</summary>
    public AdminList<T> Of<T>(IEnumerable<T> ordered, Func<T, string> id)
    {
        var after = After;
        var rest = after is null
            ? ordered
            : ordered.Where(item => string.CompareOrdinal(id(item), after) > 0);
        return Cut([.. rest.Take(Limit + 1)], id);
    }

    /// <summary>Makes a page of its items and one more, where there is one.</summary>
    public AdminList<T> Cut<T>(IReadOnlyList<T> oneMore, Func<T, string> id) =>
        oneMore.Count > Limit
            ? new AdminList<T>([.. oneMore.Take(Limit)], id(oneMore[Limit - 1]))
            : new AdminList<T>(oneMore, null);
}
