namespace Dragoman.Routing;

/// <summary>How many tokens an answer usually has before any was seen: round figures by the kind of task.</summary>
internal static class UsualAnswers
{
    /// <summary>A middling answer.</summary>
    private const int Middling = 500;

    /// <summary>Models that reason think before they answer, and that is billed as their answer is.</summary>
    private const int TimesThought = 4;

    public static int Of(string? task, bool reasons)
    {
        var tokens = task switch
        {
            "code" or "creative" => 700,
            "reasoning" => 400,
            "knowledge" or "summarization" => 250,
            "translation" => 300,
            "extraction" or "chat" => 150,
            _ => Middling,
        };
        return reasons ? tokens * TimesThought : tokens;
    }
}
