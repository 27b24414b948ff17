using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>One event of a stream: its name, null where it has none, and its data.</summary>
internal sealed record WireEvent(string? Name, JsonNode Data);

/// <summary>An answer read to its end, or to the break of its connection.</summary>
internal sealed record WireAnswer(
    int Status,
    HttpResponseHeaders Headers,
    string MediaType,
    string Text,
    bool Broken
)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The server-sent events, comments left out.</summary>
    public IReadOnlyList<WireEvent> Events =>
        [
            .. Text.ReplaceLineEndings("\n")
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Where(item => !item.StartsWith(':'))
                .Select(item => item.Split('\n'))
                .Select(lines => new WireEvent(
                    Field(lines, "event:"),
                    JsonNode.Parse(Field(lines, "data:")!)!
                )),
        ];

    /// <summary>The lines of newline-delimited JSON.</summary>
    public IReadOnlyList<JsonNode> Lines =>
        [
            .. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!),
        ];

    public static async Task<WireAnswer> ReadAsync(
        HttpClient http,
        HttpRequestMessage request,
        CancellationToken leaving
    )
    {
        using var response = await http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            leaving
        );
        var whole = new MemoryStream();
        var broken = false;
        try
        {
            await (await response.Content.ReadAsStreamAsync(leaving)).CopyToAsync(whole, leaving);
        }
        catch (IOException)
        {
            broken = true;
        }
        return new(
            (int)response.StatusCode,
            response.Headers,
            response.Content.Headers.ContentType?.MediaType ?? "",
            Encoding.UTF8.GetString(whole.ToArray()),
            broken
        );
    }

    private static string? Field(string[] lines, string name) =>
        lines
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
            ?[name.Length..].Trim();
}
