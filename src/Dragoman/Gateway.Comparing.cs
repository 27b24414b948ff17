using System.Globalization;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Native;

namespace Dragoman;

/// <content>One prompt, several models.</content>
public sealed partial class Gateway
{
    /// <summary>So many are asked at once: enough for the usual few, and no burst.</summary>
    private const int ComparedAtOnce = 5;

    /// <summary>Asks several models the same, at once, and gives their answers side by side.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <param name="models">Names of 2 to 10 of them; nobody answers in another's place.</param>
    /// <param name="options">
    /// What else is said. What names a model or a fallback is left out; <see cref="CompletionOptions.MaxCostUsd"/> and
    /// <see cref="CompletionOptions.BudgetRemaining"/> bound all of them together: nobody is asked where the estimates come to more.
    /// </param>
    /// <param name="cancellationToken">Ends all of them.</param>
    /// <exception cref="GatewayException">Nobody was asked. That one of them failed is told in its place.</exception>
    public Task<ComparisonReply> CompareAsync(
        string prompt,
        IReadOnlyList<string> models,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        CompareAsync(
            [Message.OfText(MessageRole.User, prompt)],
            models,
            options,
            cancellationToken
        );

    /// <inheritdoc cref="CompareAsync(string, IReadOnlyList{string}, CompletionOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, whose last message is the newest.</param>
    /// <param name="models">Names of 2 to 10 of them; nobody answers in another's place.</param>
    /// <param name="options">What else is said.</param>
    /// <param name="cancellationToken">Ends all of them.</param>
    public async Task<ComparisonReply> CompareAsync(
        IReadOnlyList<Message> messages,
        IReadOnlyList<string> models,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        if (ComparisonReader.WhyNot(models) is { } wrong)
            throw GatewayRequest.Wrong("models", wrong);
        await DiscoveredAsync(cancellationToken);
        var asked = GatewayRequest.OfSeveral(options ?? new CompletionOptions());
        return await CompareAsync(
            GatewayRequest.ChatOf(messages, asked),
            GatewayRequest.WishesOf(asked),
            models,
            caller: null,
            cancellationToken
        );
    }

    internal async Task<ComparisonReply> CompareAsync(
        ChatRequest chat,
        Wishes wishes,
        IReadOnlyList<string> models,
        Caller? caller,
        CancellationToken cancellationToken
    )
    {
        var started = _time.GetTimestamp();
        if (FixedWishes.WhyNot(caller, wishes) is { } wrong)
            throw new GatewayException(wrong);
        wishes = wishes with { Fallback = [], ComputesFallback = false, Chain = null };
        var requests = models
            .Select(model =>
                GatewayRequest.Of(
                    chat with
                    {
                        Model = JsonText.Of(model),
                    },
                    wishes,
                    isStream: false
                ) with
                {
                    // Whoever compares is asked what they think of each: that counts at a task.
                    IsClassified = true,
                    Caller = caller,
                }
            )
            .ToList();
        if (wishes.MaxCostUsd is { } most)
            requests = Share(requests, most);
        using var turns = new SemaphoreSlim(ComparedAtOnce);
        var answers = await Task.WhenAll(
            requests.Select(
                (request, i) => AnswerAsync(models[i], request, turns, cancellationToken)
            )
        );
        return new ComparisonReply
        {
            Answers = answers,
            Totals = ComparisonTotals.Of(answers, _time.GetElapsedTime(started)),
        };
    }

    private async Task<ComparedAnswer> AnswerAsync(
        string name,
        GatewayRequest request,
        SemaphoreSlim turns,
        CancellationToken cancellationToken
    )
    {
        await turns.WaitAsync(cancellationToken);
        var started = _time.GetTimestamp();
        try
        {
            await using var call = Begin(request, cancellationToken);
            return ComparedAnswer.Of(name, await call.CompleteAsync());
        }
        catch (GatewayException failure)
        {
            return ComparedAnswer.Of(name, failure, _time.GetElapsedTime(started));
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>
    /// Gives each its part of the limit, in proportion to what it is thought to cost, so that together they stay below it whatever
    /// is tried again. One whose price is unknown gets nothing, which its own exchange refuses.
    /// </summary>
    private List<GatewayRequest> Share(List<GatewayRequest> requests, decimal most)
    {
        var costs = requests.ConvertAll(request => EstimateOf(request) ?? 0);
        var all = costs.Sum();
        if (all > most)
            throw new GatewayException(
                new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Nobody was asked: all {requests.Count} answers together would cost about ${all:0.#########}, and ${most:0.#########} may be spent."
                    )
                )
                {
                    Code = "budget_exceeded",
                    StatusOverride = 402,
                }
            );
        return
        [
            .. requests.Select(
                (request, i) =>
                    request with
                    {
                        Wishes = request.Wishes with
                        {
                            MaxCostUsd = all == 0 ? most / requests.Count : costs[i] / all * most,
                        },
                    }
            ),
        ];
    }

    /// <summary>What a request is thought to cost at the most; null where the name means nobody, or a price is unknown.</summary>
    private decimal? EstimateOf(GatewayRequest request)
    {
        var names = Snapshots.Current.Names;
        // Without the limit: it is shared by what this tells.
        var unlimited = request with
        {
            Wishes = request.Wishes with { MaxCostUsd = null },
        };
        if (names.Resolve(Unsent(unlimited)).Decision is not { } decision)
            return null;
        // As its own exchange will reckon.
        var estimate = names.AsDecided(Unsent(request), decision).EstimateAtMost;
        return decision
            .Chain.Take(decision.BalancedHead)
            .Select(deployment => estimate.Of(deployment))
            .Max();
    }

    /// <summary>An exchange that is looked at and never sent.</summary>
    private Exchange Unsent(GatewayRequest request)
    {
        var exchange = new Exchange
        {
            Id = default,
            Dialect = request.Dialect,
            Operation = request.Operation,
            Body = default,
            Envelope = request.Envelope,
            Snapshot = Snapshots.Current.Parts,
            Reply = new InProcessReply(isStream: false),
            Wishes = request.BoundWishes(),
            StartTimestamp = _time.GetTimestamp(),
            StartedAt = _time.GetUtcNow(),
            ClientGone = CancellationToken.None,
            Caller = request.Caller?.Id,
        };
        request.Mark(exchange);
        return exchange;
    }
}
