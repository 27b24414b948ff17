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
        string id,
        DateTimeOffset now,
        ReplyStyle style
    )
    {
        var choices = Enumerable
            .Range(0, call.Choices)
            .Select(index => Choice(call, model, id, index, style))
            .ToList();
        var prompt = call.Transcript.Tokens;
        var reasoning = choices.Sum(choice => choice.Reasoning.Count);
        var completion = choices.Sum(choice =>
            choice.Text.Count + choice.ToolCalls.Sum(tool => TextPieces.Count(tool.Arguments) + 4)
        );
        var cached = prompt < CachedFrom ? 0 : prompt / 2 / CachedStep * CachedStep;
        return new(
            "chatcmpl-" + id,
            now.ToUnixTimeSeconds(),
            model.Name,
            choices,
            new(prompt, cached, completion + reasoning, reasoning)
        );
    }

    private static ChatChoice Choice(
        ChatCall call,
        SimulatedModel model,
        string id,
        int index,
        ReplyStyle style
    )
    {
        var reasoning =
            model.Character == ModelCharacter.Reasoning || style.Reasons
                ? TextPieces.Split(AnswerText.Reasoning(call))
                : [];
        var tools = ToolDecision.Decide(call, $"{id} {index}");
        if (tools.Count > 0)
            return new(index, reasoning, [], tools, "tool_calls");

        var text = AnswerText.Of(call, model.Character, index) + style.Suffix;
        // An assistant's message at the end is the beginning of this answer: go on after it.
        if (
            call.Transcript.Prefill is { } begun
            && text.StartsWith(begun, StringComparison.Ordinal)
        )
            text = text[begun.Length..];
        var pieces = TextPieces.Split(Stopped(text, call.Stops));
        if (call.MaxTokens is not { } most || reasoning.Count + pieces.Count <= most)
            return new(index, reasoning, pieces, [], "stop");

        // Thinking spends the allowance first, as it does at OpenAI.
        var thought = reasoning.Take(most).ToList();
        return new(index, thought, pieces.Take(most - thought.Count).ToList(), [], "length");
    }

    private static string Stopped(string text, IReadOnlyList<string> stops)
    {
        foreach (var stop in stops)
        {
            var at = stop.Length == 0 ? -1 : text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0)
                text = text[..at];
        }
        return text;
    }
}
