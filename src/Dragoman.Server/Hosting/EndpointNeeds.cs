using Dragoman.Access;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Hosting;

/// <summary>What an address asks of who calls it, by method: hung on the endpoint when it is mapped.</summary>
internal sealed class EndpointNeeds(IReadOnlyList<EndpointRow> rows)
{
    public IReadOnlyList<EndpointRow> Rows => rows;

    /// <summary>What a method asks; one that nothing answers is refused to anybody who may call at all.</summary>
    public Permission For(string method)
    {
        // Whoever answers does not look at the case of a method, and may give HEAD what GET gets: neither leads around the table.
        var asked = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        foreach (var row in rows)
            if (row.Method == "*" || HttpMethods.Equals(row.Method, asked))
                return row.Needs;
        // A refusal of the method tells nothing that the address does not tell.
        return rows[0].Needs == Permission.Anyone ? Permission.Anyone : Permission.AnyCaller;
    }
}
