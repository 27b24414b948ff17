using Dragoman.Simulator.Journal;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Simulator.Dialects;

/// <summary>A request, its body read.</summary>
internal sealed record Incoming(
    string Method,
    string Path,
    IQueryCollection Query,
    byte[] Body,
    RecordedRequest Record
)
{
    public bool IsGet => HttpMethods.IsGet(Method);
    public bool IsPost => HttpMethods.IsPost(Method);

    /// <summary>A header; null where it did not come.</summary>
    public string? Header(string name) => Record.Headers.GetValueOrDefault(name);
}
