using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// The tool that a model without structured output is made to call: its input is the answer. The name is reserved, so that whoever
/// reads the answer knows the call for one, without having seen the request.
/// </summary>
internal static class AnthropicAnswerTool
{
    public const string Name = "dragoman_answer";

    public static ReadOnlySpan<byte> Utf8Name => "dragoman_answer"u8;

    /// <summary>The parts of an answer with calls of the tool as the texts they stand for.</summary>
    public static IReadOnlyList<Part> AsText(IReadOnlyList<Part> parts, out bool isThere)
    {
        isThere = parts.Any(IsAnswer);
        return isThere
            ?
            [
                .. parts.Select(part =>
                    IsAnswer(part) ? new TextPart(((ToolCallPart)part).Arguments.AsText()) : part
                ),
            ]
            : parts;
    }

    /// <summary>Such an answer's call of a tool is no call: only another one still makes it a turn of tools.</summary>
    public static StopReason Stop(StopReason stop, bool hasCalls) =>
        stop is StopReason.ToolCalls && !hasCalls ? StopReason.Stop : stop;

    private static bool IsAnswer(Part part) => part is ToolCallPart call && call.Name.Is(Utf8Name);
}
