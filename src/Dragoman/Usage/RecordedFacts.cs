using Dragoman.Routing;
using Dragoman.Routing.Rules;

namespace Dragoman.Usage;

/// <summary>
/// A request that was answered, as far as its record tells: what rules would have made of it. Headers, required capabilities and the
/// length in characters are not kept, and so are unknown.
/// </summary>
internal sealed class RecordedFacts(UsageRecord record) : RuleFacts
{
    public override string Model => record.Route ?? "";
    public override DateTimeOffset Time => record.StartedAt;
    public override string? UserTier => record.UserTier;
    public override IReadOnlyList<string> Tags => record.Tags;
    public override string? Workspace => record.Workspace;
    public override string? Caller => record.Caller;
    public override bool? IsStreaming => record.Streamed;
    public override bool? HasTools => record.Profile?.HasTools;
    public override bool? HasImages => record.Profile?.HasImages;
    public override IReadOnlyList<string>? RequiredCapabilities => null;
    public override long? ContentLength => null;
    public override string? Task => record.Task ?? record.Profile?.Task;
    public override RequestProfile? Profile => record.Profile;

    public override string? Header(string name) => null;
}
