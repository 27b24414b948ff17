namespace Dragoman.Simulator.Chat;

/// <summary>The events of a sound stream, in order; those of several choices take turns.</summary>
internal static class StreamScript
{
    private const int PiecesPerDelta = 3;

    public static List<StreamEvent> Of(ChatAnswer answer, bool usage)
    {
        var choices = answer.Choices.Select(choice => Choice(choice).ToList()).ToList();
        var events = new List<StreamEvent>();
        for (var at = 0; at < choices.Max(choice => choice.Count); at++)
            events.AddRange(
                choices.Where(choice => at < choice.Count).Select(choice => choice[at])
            );
        if (usage)
            events.Add(new(EventKind.Usage));
        events.Add(new(EventKind.Done));
        return events;
    }

    private static IEnumerable<StreamEvent> Choice(ChatChoice choice)
    {
        var index = choice.Index;
        yield return new(EventKind.Role) { Choice = index };
        foreach (var piece in choice.Reasoning)
            yield return new(EventKind.Reasoning) { Choice = index, Text = piece };
        foreach (var piece in choice.Text)
            yield return new(EventKind.Text) { Choice = index, Text = piece };
        for (var tool = 0; tool < choice.ToolCalls.Count; tool++)
        {
            var call = choice.ToolCalls[tool];
            yield return new(EventKind.ToolStart)
            {
                Choice = index,
                Tool = call,
                ToolIndex = tool,
            };
            foreach (var piece in Arguments(call.Arguments))
                yield return new(EventKind.ToolArguments)
                {
                    Choice = index,
                    Text = piece,
                    ToolIndex = tool,
                };
        }
        yield return new(EventKind.Finish) { Choice = index, Text = choice.Finish };
    }

    private static IEnumerable<string> Arguments(string json) =>
        TextPieces.Split(json).Chunk(PiecesPerDelta).Select(pieces => string.Concat(pieces));
}
