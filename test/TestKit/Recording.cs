using System.Text;
using System.Text.Json.Nodes;

namespace Dragoman.TestKit;

/// <summary>A recorded exchange and the facts a correct reader finds in it.</summary>
public sealed record Recording(JsonNode Expected, JsonNode Exchange)
{
    public string Id => Expected["id"]!.GetValue<string>();
    public string Provider => Expected["provider"]!.GetValue<string>();
    public bool IsStream => Expected["stream"]!.GetValue<bool>();
    public int Status => Expected["status"]!.GetValue<int>();

    /// <summary>The answer's body as it was received.</summary>
    public byte[] Body => Encoding.UTF8.GetBytes(Exchange["response"]!["body"]!.GetValue<string>());

    /// <summary>The request's body; null where none was recorded.</summary>
    public byte[]? Request =>
        Exchange["request"]?["body"] is JsonObject body
            ? Encoding.UTF8.GetBytes(body.ToJsonString())
            : null;

    /// <summary>All recordings of a wire format; skips the calling test where there are none.</summary>
    public static IReadOnlyList<Recording> OfWire(string wire)
    {
        var folder = SharedData.PathOf("data/recordings");
        return
        [
            .. File.ReadLines(Path.Combine(folder, "expected.jsonl"))
                .Where(line => line.Length > 0)
                .Select(line => JsonNode.Parse(line)!)
                .Where(expected => expected["wire"]!.GetValue<string>() == wire)
                .Select(expected => new Recording(
                    expected,
                    JsonNode.Parse(
                        File.ReadAllBytes(
                            Path.Combine(folder, expected["id"]!.GetValue<string>() + ".json")
                        )
                    )!
                )),
        ];
    }

    /// <summary>A text of the expected facts.</summary>
    public string? Text(string fact) => Expected[fact]?.GetValue<string>();

    /// <summary>A count of the expected usage.</summary>
    public long? Count(string count) => Expected["usage"]?[count]?.GetValue<long>();

    public override string ToString() => Id;
}
