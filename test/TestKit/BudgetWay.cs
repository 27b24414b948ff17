using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Limits;
using Dragoman.Limits.Budgets;
using Dragoman.Routing;

namespace Dragoman.TestKit;

/// <summary>An attempt's way through four budgets, everybody's, its workspace's, its provider's and its model's, over memory alone.</summary>
public sealed class BudgetWay
{
    private readonly Admission _admission;
    private readonly Exchange _exchange;
    private readonly AttemptPlan _plan;
    private readonly Cost _cost = new(0.0001m, CostBasis.Computed);
    private readonly Canonical.TokenUsage _usage = new() { Input = 100, Output = 80 };

    public BudgetWay(Deployment deployment, byte[] body, RequestEnvelope envelope)
    {
        var keeper = new BudgetKeeper(TimeProvider.System, new NoBudgetStore());
        var book = new BudgetBook([
            Of("all"),
            Of("workspaces", (ScopeKind.Workspace, "*")),
            Of("providers", (ScopeKind.Provider, "*")),
            Of("models", (ScopeKind.Model, "*")),
        ]);
        _admission = new Admission(new BudgetGate(keeper, new AnswerHabits(), TimeProvider.System));
        _exchange = new Exchange
        {
            Id = new RequestId(1),
            Dialect = new OpenAIChatDialect(),
            Operation = Operation.Chat,
            Body = body,
            Envelope = envelope,
            Snapshot = new SnapshotParts(book),
            Reply = new MemoryReply(),
            Wishes = new Wishes { WorkspaceId = "blue" },
            StartTimestamp = 0,
            StartedAt = DateTimeOffset.UnixEpoch,
            ClientGone = CancellationToken.None,
        };
        _exchange.Set(
            new RoutingDecision
            {
                Route = "m",
                Chain = [deployment],
                Reason = "named",
            }
        );
        _plan = new AttemptPlan(_exchange, deployment, long.MaxValue, IsStream: false);
    }

    /// <summary>Asks for leave and settles: what budgets add to an attempt.</summary>
    public void Admit()
    {
        if (!_admission.Concerns(_exchange))
            throw new InvalidOperationException("No budget bears on it.");
        var admitted = _admission.AdmitAsync(_plan);
        if (!admitted.IsCompletedSuccessfully || admitted.Result.Pass is not { } pass)
            throw new InvalidOperationException("It was not let pass at once.");
        pass.Settle(new AttemptResult(_usage, _cost, EstimatedTokens: null, IsWhole: true));
    }

    private static Budget Of(string name, params (ScopeKind Kind, string Pattern)[] scope) =>
        new()
        {
            Name = name,
            AmountNanoUsd = 1_000_000_000_000_000,
            Window = new BudgetWindow(BudgetCycle.Month, TimeZoneInfo.Utc),
            Scope = new Scope([
                .. scope.Select(static one =>
                    KeyValuePair.Create(one.Kind, new NamePattern(one.Pattern))
                ),
            ]),
        };
}
