using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Cli.Chat;

/// <summary>One question and its answer.</summary>
/// <param name="Question">What was typed.</param>
/// <param name="Answer">The answer's text, or as much of it as came.</param>
/// <param name="Model"><c>provider/model</c>; null where the answer was stopped.</param>
internal sealed record ChatTurn(string Question, string Answer, string? Model);

/// <summary>What all answers of one model took together.</summary>
internal sealed record ChatCost(string Model)
{
    public int Answers { get; set; }
    public long? Input { get; set; }
    public long? Output { get; set; }
    public decimal? Cost { get; set; }

    /// <summary>Some answers did not tell what they cost.</summary>
    public bool IsAtLeast { get; set; }
}

/// <summary>A conversation and what it cost so far.</summary>
internal sealed class ChatSession(CompletionOptions options)
{
    private readonly List<ChatTurn> _turns = [];
    private readonly List<ChatCost> _costs = [];
    private readonly decimal? _budget = options.BudgetRemaining;

    public CompletionOptions Options { get; private set; } = options;

    public IReadOnlyList<ChatTurn> Turns => _turns;

    public IReadOnlyList<ChatCost> Costs => _costs;

    /// <summary>What was asked last, answered or not: <c>/retry</c> asks it again.</summary>
    public string? LastQuestion { get; private set; }

    /// <summary>What the next question goes to.</summary>
    public string ModelName =>
        Options.Provider is { } provider
            ? $"{provider}/{Options.Model}"
            : Options.Model ?? CompletionOptions.DefaultModel;

    /// <summary>Every answer so far, and the new question.</summary>
    public IReadOnlyList<Message> With(string question)
    {
        LastQuestion = question;
        var messages = new List<Message>(2 * _turns.Count + 1);
        foreach (var turn in _turns)
        {
            messages.Add(Message.OfText(MessageRole.User, turn.Question));
            messages.Add(Message.OfText(MessageRole.Assistant, turn.Answer));
        }
        messages.Add(Message.OfText(MessageRole.User, question));
        return messages;
    }

    public void Answered(string question, CompletionReply reply)
    {
        var model = $"{reply.Provider}/{reply.Model}";
        _turns.Add(
            new ChatTurn(
                question,
                reply.Content.Length > 0 ? reply.Content : reply.Refusal ?? "",
                model
            )
        );
        var sum = _costs.Find(cost => cost.Model == model);
        if (sum is null)
            _costs.Add(sum = new ChatCost(model));
        sum.Answers++;
        sum.Input = Sum(sum.Input, reply.Usage?.TotalInput);
        sum.Output = Sum(sum.Output, reply.Usage?.TotalOutput);
        sum.Cost = reply.Cost is { } cost ? (sum.Cost ?? 0) + cost : sum.Cost;
        sum.IsAtLeast |= reply.Cost is null;
        if (_budget is { } budget)
            Options = Options with
            {
                BudgetRemaining = Math.Max(0, budget - _costs.Sum(static spent => spent.Cost ?? 0)),
            };
    }

    /// <summary>An answer that was stopped stays as far as it came, so that one can go on from there.</summary>
    public void Stopped(string question, string answer)
    {
        if (answer.Length > 0)
            _turns.Add(new ChatTurn(question, answer, Model: null));
        foreach (var cost in _costs)
            cost.IsAtLeast = true;
    }

    /// <summary>Takes the last question back, where it was answered.</summary>
    public string? TakeBack()
    {
        if (_turns is [.., { Question: var question }] && question == LastQuestion)
            _turns.RemoveAt(_turns.Count - 1);
        return LastQuestion;
    }

    public void UseModel(string name) => Options = Options with { Model = name, Provider = null };

    public void UseSystem(string? text) => Options = Options with { SystemPrompt = text };

    public void Clear()
    {
        _turns.Clear();
        LastQuestion = null;
    }

    private static long? Sum(long? sum, long? more) => more is null ? sum : (sum ?? 0) + more;
}
