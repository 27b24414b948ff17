using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Routing.Rules;

/// <summary>A request on its way: what its envelope tells costs nothing, what it holds is read at the first question.</summary>
internal sealed class ExchangeFacts(Exchange exchange) : RuleFacts
{
    public override string Model => exchange.Envelope.Model;
    public override DateTimeOffset Time => exchange.StartedAt;
    public override string? UserTier => exchange.Wishes.UserTier;
    public override IReadOnlyList<string> Tags => exchange.Wishes.Tags;
    public override string? Workspace => exchange.Wishes.WorkspaceId;
    public override string? Caller => exchange.Caller;
    public override bool? IsStreaming => exchange.Envelope.Stream;
    public override bool? HasTools => exchange.Envelope.Needs.HasFlag(RequestNeeds.Tools);
    public override bool? HasImages => exchange.Envelope.Needs.HasFlag(RequestNeeds.Vision);
    public override IReadOnlyList<string> RequiredCapabilities =>
        exchange.Wishes.RequiredCapabilities;
    public override long? ContentLength => RequestReading.Of(exchange).ContentLength;

    // What the client says is known without reading.
    public override string? Task => TaskNames.Find(exchange.Wishes.TaskType) ?? Profile?.Task;
    public override RequestProfile? Profile => RequestReading.Of(exchange).Profile;

    public override string? Header(string name) => exchange.ClientHeaders?.Invoke(name);
}
