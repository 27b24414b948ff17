using Dragoman.Canonical;

namespace Dragoman.Routing.Classification;

/// <summary>Reads what can be seen in a conversation as a whole: its size, its media, its tools, its language.</summary>
internal static class SignalReader
{
    /// <summary>The signals of a conversation.</summary>
    /// <param name="request">The conversation.</param>
    /// <param name="reading">Its last question, read.</param>
    /// <param name="spare">To read another message into.</param>
    /// <param name="asked">Where the last question stands; -1 where there is none.</param>
    /// <param name="json">Somebody asked for JSON in words.</param>
    public static PromptSignals Of(
        ChatRequest request,
        PromptReading reading,
        PromptReading spare,
        int asked,
        bool json
    )
    {
        var estimate = new TokenEstimate();
        var images = false;
        foreach (var message in request.Messages)
            Survey(message.Parts, ref estimate, ref images);
        foreach (var tool in request.Tools)
            Survey(tool, ref estimate);
        return new PromptSignals
        {
            Language = LanguageOf(reading) ?? LanguageBefore(request.Messages, asked, spare),
            ContainsCode =
                reading.Shape.LooksLikeCode || (asked >= 0 && HasFence(request.Messages[asked])),
            AsksForJson =
                json
                || request.ResponseFormat?.Kind
                    is ResponseFormatKind.JsonObject
                        or ResponseFormatKind.JsonSchema,
            EstimatedTokens = estimate.Tokens,
            HasImages = images,
            HasTools = request.Tools.Count > 0,
            IsMultiTurn = TaskClassifier.LastOf(request.Messages, asked) >= 0,
        };
    }

    private static void Survey(
        IReadOnlyList<Part> parts,
        ref TokenEstimate estimate,
        ref bool images
    )
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case TextPart text:
                    EscapedText.Count(text.Text.Escaped.Span, ref estimate);
                    break;
                case ReasoningPart reasoning:
                    EscapedText.Count(reasoning.Text.Escaped.Span, ref estimate);
                    break;
                case ToolCallPart call:
                    estimate.Add(call.Name.Escaped.Span);
                    break;
                case ToolResultPart result:
                    Survey(result.Content, ref estimate, ref images);
                    break;
                case ImagePart:
                    images = true;
                    break;
            }
        }
    }

    private static void Survey(ToolDefinition tool, ref TokenEstimate estimate)
    {
        if (tool is not FunctionTool function)
            return;
        estimate.Add(function.Name.Escaped.Span);
        if (function.Description is { } description)
            EscapedText.Count(description.Escaped.Span, ref estimate);
        estimate.Add(function.Parameters.Utf8.Span);
    }

    // The middle of a long document is not read closely, but a fence in it is found.
    private static bool HasFence(Message message)
    {
        foreach (var part in message.Parts)
        {
            if (part is TextPart text && text.Text.Escaped.Span.IndexOf("```"u8) >= 0)
                return true;
        }
        return false;
    }

    /// <summary>The language of the instruction, or where that does not tell, of the whole.</summary>
    public static string? LanguageOf(PromptReading reading)
    {
        var language = LanguageGuess.Of(reading.Text, reading.Opening);
        return language ?? LanguageGuess.Of(reading.Text, reading.Tokens);
    }

    private static string? LanguageBefore(
        IReadOnlyList<Message> messages,
        int asked,
        PromptReading spare
    )
    {
        var before = TaskClassifier.LastOf(messages, asked);
        return before >= 0 && PromptSource.Read(messages[before], spare) ? LanguageOf(spare) : null;
    }
}
