using Dragoman.Routing;
using Dragoman.Routing.Rules;

namespace Dragoman.Tests.Routing.Conditions;

/// <summary>A request of which only what a test says is known.</summary>
internal sealed class GivenFacts : RuleFacts
{
    public string Asked { get; init; } = "auto";
    public DateTimeOffset At { get; init; } = new(2026, 11, 25, 14, 30, 0, TimeSpan.Zero);
    public string? Tier { get; init; }
    public IReadOnlyList<string> Labels { get; init; } = [];
    public long? Length { get; init; }
    public RequestProfile? Read { get; init; }
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often somebody asked for what takes a whole reading.</summary>
    public int Readings { get; private set; }

    public override string Model => Asked;
    public override DateTimeOffset Time => At;
    public override string? UserTier => Tier;
    public override IReadOnlyList<string> Tags => Labels;
    public override string? Workspace => null;
    public override string? Caller => null;
    public override bool? IsStreaming => false;
    public override bool? HasTools => true;
    public override bool? HasImages => null;
    public override IReadOnlyList<string> RequiredCapabilities => ["tools"];
    public override long? ContentLength => Length;
    public override string? Task => Profile?.Task;

    public override RequestProfile? Profile
    {
        get
        {
            Readings++;
            return Read;
        }
    }

    public override string? Header(string name) => Headers.GetValueOrDefault(name);

    public static GivenFacts Code(double difficulty = 0.7) =>
        new()
        {
            Tier = "gold",
            Labels = ["vip", "batch"],
            Length = 1_200,
            Read = new RequestProfile
            {
                Task = "code",
                Confidence = 0.9,
                Difficulty = difficulty,
                Language = "de",
                ContainsCode = true,
                EstimatedTokens = 400,
            },
        };
}
