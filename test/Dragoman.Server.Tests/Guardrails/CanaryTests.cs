using System.Text;
using System.Text.RegularExpressions;
using Dragoman.Server.Hosting;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Guardrails;

/// <summary>
/// Marked secrets and a marked prompt go through every address that is mapped, in every dialect, and through what goes wrong; then
/// every place where something comes out or is kept is searched for them. The place of whoever sent them is none: a client is told
/// what it said itself. Kept answers of OpenAI's Responses are the exception that clients opt in to (<c>store</c>, on by default);
/// here they are not kept.
/// </summary>
public sealed class CanaryTests
{
    /// <summary>One line for each place that is searched: a new one is a new line here.</summary>
    private static readonly IReadOnlyList<(
        string Name,
        Func<CanaryHouse, Task<IReadOnlyList<string>>> Read
    )> Sinks =
    [
        ("log", static house => house.LogAsync()),
        ("traces and metrics that are exported", static house => house.ExportedAsync()),
        ("the page of metrics", static house => house.PagesAsync("/metrics")),
        ("usage records, each of them whole", static house => house.RecordsAsync()),
        ("every reading that takes no name", static house => house.PagesAsync(Readings())),
        ("doctor", static house => house.CommandAsync("doctor", "--json")),
        ("config check", static house => house.CommandAsync("config", "check")),
        ("files of the data folder", static house => house.FilesAsync()),
    ];

    public static TheoryData<bool> LogFormats => [false, true];

    [Theory]
    [MemberData(nameof(LogFormats))]
    public async Task Canaries_DrivenThroughEverything_AreFoundNowhere(bool jsonLog)
    {
        await using var house = await CanaryHouse.StartAsync(jsonLog);
        await house.DriveAsync(EndpointTable.Rows);

        // All that was asked came through: what was never there could not be found.
        house.Provider.Count.ShouldBeGreaterThan(40);
        house.SeenUpstream.ShouldBe(
            [
                .. house
                    .Markers.Where(static marker => marker.IsSentUpstream)
                    .Select(static marker => marker.Name),
            ],
            ignoreOrder: true
        );
        var found = new List<string>();
        foreach (var (name, read) in Sinks)
        {
            var texts = await read(house);
            texts.Sum(static text => text.Length).ShouldBeGreaterThan(0, name);
            foreach (var text in texts)
            foreach (var marker in house.Markers)
                if (marker.WhereIn(text) is { } place)
                    found.Add($"{marker.Name} in {name}: {place}");
        }

        found.Distinct(StringComparer.Ordinal).ShouldBeEmpty();
    }

    /// <summary>A search that finds nothing anywhere would find nothing here either.</summary>
    [Theory]
    [InlineData("plain: sk-canary-0123456789abcdef.")]
    [InlineData("in a json string: \"sk\\u002dcanary-0123456789abcdef\"")]
    [InlineData("in an address: ?key=sk%2Dcanary%2D0123456789abcdef")]
    [InlineData("base64: c2stY2FuYXJ5LTAxMjM0NTY3ODlhYmNkZWY=")]
    public void Marker_InAnyForm_IsFound(string text) =>
        new CanaryMarker("key", "sk-canary-0123456789abcdef").WhereIn(text).ShouldNotBeNull();

    /// <summary>Addresses that are only read, and need no name in them.</summary>
    private static string[] Readings() =>
        [
            .. EndpointTable
                .Rows.Where(static row =>
                    row.Method == "GET" && !row.Pattern.Contains('{', StringComparison.Ordinal)
                )
                .Select(static row => row.Pattern),
        ];
}

/// <summary>Something that must not come out.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Text">Itself; long and odd enough to stand nowhere by chance.</param>
internal sealed partial record CanaryMarker(string Name, string Text)
{
    /// <summary>A provider gets it, or it would not be what it is.</summary>
    public bool IsSentUpstream { get; init; }

    /// <summary>What surrounds it in a text, whichever way it is written there; null where it is not there.</summary>
    public string? WhereIn(string text)
    {
        foreach (var form in Forms)
        {
            var at = text.IndexOf(form, StringComparison.Ordinal);
            if (at >= 0)
                return Around(text, at);
        }
        // In JSON and in addresses any letter may be written as a number.
        if (
            !text.Contains('%', StringComparison.Ordinal)
            && !text.Contains("\\u", StringComparison.Ordinal)
        )
            return null;
        var plain = Escape()
            .Replace(
                text,
                static match => ((char)Convert.ToInt32(match.Groups["hex"].Value, 16)).ToString()
            );
        var place = plain.IndexOf(Text, StringComparison.Ordinal);
        return place < 0 ? null : Around(plain, place);
    }

    private string[] Forms =>
        [Text, Convert.ToBase64String(Encoding.UTF8.GetBytes(Text)).TrimEnd('=')[..^2]];

    private static string Around(string text, int at) =>
        text[Math.Max(0, at - 80)..Math.Min(text.Length, at + 80)];

    [GeneratedRegex(@"(?:%|\\u00)(?<hex>[0-9A-Fa-f]{2})", RegexOptions.None, 1000)]
    private static partial Regex Escape();
}
