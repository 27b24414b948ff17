using Dragoman.Routing;
using Dragoman.Routing.Conditions;
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

    /// <summary>Whether a condition held; null where that hangs on something that was not kept.</summary>
    public bool? Meets(Condition? condition) =>
        condition switch
        {
            null => true,
            Several several => Meets(several),
            Not not => !Meets(not.Inner),
            _ => condition.Parts.All(IsTold) ? condition.Holds(this) : null,
        };

    /// <summary>The first thing that a condition asks and the record does not tell.</summary>
    public string? Untold(Condition? condition) =>
        condition?.Parts.FirstOrDefault(part => !IsTold(part))?.ToString();

    /// <summary>One part that is known not to hold decides for all of them, one that is known to hold for any of them.</summary>
    private bool? Meets(Several several)
    {
        bool? met = several.IsAll;
        foreach (var member in several.Members)
        {
            var one = Meets(member);
            if (one == !several.IsAll)
                return one;
            if (one is null)
                met = null;
        }
        return met;
    }

    /// <summary>What the client left out is known to be absent; what nobody looked at or kept is unknown.</summary>
    private bool IsTold(Condition part) =>
        part switch
        {
            HeaderOf => false,
            FactOf { Fact: var fact } => fact.Of(this).Kind != ValueKind.Unknown
                || fact.Name is "user_tier" or "workspace" or "caller" or "key"
                || (fact.Name == "language" && Profile is not null),
            _ => true,
        };
}
