namespace Dragoman.Simulator.Chat;

/// <summary>Composes answers: the same request always gets the same one.</summary>
internal static class ChatAnswers
{
    // OpenAI caches prompts from 1,024 tokens on, in steps of 128 (platform.openai.com/docs/guides/prompt-caching, seen 2026-11).
    private const int CachedFrom = 1024;
    private const int CachedStep = 128;

    public static ChatAnswer Compose(
        ChatCall call,
        SimulatedModel model,
        string prefix,
        string id,
        DateTimeOffset now,
        ReplyStyle style
    )
    {
        var choices = Enumerable
            .Range(0, call.Choices)
            .Select(index => Choice(call, model, id, index, style))
            .ToList();
        var reasoning = choices.Sum(choice => choice.Reasoning.Count);
        var completion = choices.Sum(choice =>
            choice.Text.Count + choice.ToolCalls.Sum(tool => TextPieces.Count(tool.Arguments) + 4)
        );
        return new(
            prefix + id,
            now.ToUnixTimeSeconds(),
            model.Name,
            choices,
            Usage(call, completion + reasoning, reasoning)
        );
    }

    private static AnswerUsage Usage(ChatCall call, int completion, int reasoning)
    {
        var prompt = call.Transcript.Tokens;
        if (call.Cache is { } marks)
            return new(prompt, marks.Read, completion, reasoning)
            {
                Written5M = marks.Written5M,
                Written1H = marks.Written1H,
            };
        var cached = prompt < CachedFrom ? 0 : prompt / 2 / CachedStep * CachedStep;
        return new(prompt, cached, completion, reasoning);
    }

    private static ChatChoice Choice(
        ChatCall call,
        SimulatedModel model,
        string id,
        int index,
        ReplyStyle style
    )
    {
        var reasons =
            style.Reasons || (call.Reasons ?? model.Character == ModelCharacter.Reasoning);
        var reasoning = reasons ? TextPieces.Split(AnswerText.Reasoning(call)) : [];
        var tools = ToolDecision.Decide(call, $"{id} {index}");
        if (tools.Count > 0)
        {
            if (style.EmptyArguments)
                tools = [.. tools.Select(tool => tool with { Arguments = "{}" })];
            return new(index, reasoning, TextPieces.Split(style.Preamble), tools, "tool_calls");
        }

        var text = AnswerText.Of(call, model.Character, index) + style.Suffix;
        // An assistant's message at the end is the beginning of this answer: go on after it.
        if (
            call.Transcript.Prefill is { } begun
            && text.StartsWith(begun, StringComparison.Ordinal)
        )
            text = text[begun.Length..];
        text = Stopped(text, call.Stops, out var stop);
        var pieces = TextPieces.Split(text);
        var most = Math.Min(call.MaxTokens ?? int.MaxValue, style.MostTokens);
        if (reasoning.Count + pieces.Count <= most)
            return new(index, reasoning, pieces, [], "stop") { StoppedBy = stop };

        // Thinking spends the allowance first, as it does at OpenAI.
        var thought = reasoning.Take(most).ToList();
        return new(index, thought, pieces.Take(most - thought.Count).ToList(), [], "length");
    }

    private static string Stopped(string text, IReadOnlyList<string> stops, out string? stoppedBy)
    {
        stoppedBy = null;
        foreach (var stop in stops)
        {
            var at = stop.Length == 0 ? -1 : text.IndexOf(stop, StringComparison.Ordinal);
            if (at < 0)
                continue;
            text = text[..at];
            stoppedBy = stop;
        }
        return text;
    }
}
