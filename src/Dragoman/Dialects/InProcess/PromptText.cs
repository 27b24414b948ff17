using Dragoman.Canonical;

namespace Dragoman.Dialects.InProcess;

/// <summary>The text of a request that was made in this process: what it comes to, and what it needs of a model.</summary>
internal static class PromptText
{
    /// <summary>What roles and framing add to a message; see <see cref="PromptEstimate"/>.</summary>
    private const int TokensPerMessage = 3;

    /// <summary>The prompt in tokens, as we estimate them.</summary>
    public static long Tokens(ChatRequest request)
    {
        var estimate = new TokenEstimate();
        foreach (var message in request.Messages)
        foreach (var part in message.Parts)
            Add(part, ref estimate);
        foreach (var tool in request.Tools)
            if (tool is FunctionTool function)
            {
                estimate.Add(function.Name.Escaped.Span);
                estimate.Add((function.Description ?? default).Escaped.Span);
                estimate.Add(function.Parameters.Utf8.Span);
            }
        return estimate.Tokens + (TokensPerMessage * request.Messages.Count);
    }

    /// <inheritdoc cref="Tokens(ChatRequest)"/>
    public static long Tokens(EmbeddingRequest request)
    {
        var estimate = new TokenEstimate();
        foreach (var input in request.Inputs)
            estimate.Add((input.Text ?? default).Escaped.Span);
        return estimate.Tokens;
    }

    /// <summary>What would be peeked from a body that says the same.</summary>
    public static RequestEnvelope Envelope(ChatRequest request, bool stream)
    {
        var (bytes, needs) = (0, RequestNeeds.None);
        foreach (var message in request.Messages)
        foreach (var part in message.Parts)
            Count(part, ref bytes, ref needs);
        if (request.Tools.Count > 0)
            needs |= RequestNeeds.Tools;
        if (request.ResponseFormat is { Kind: ResponseFormatKind.JsonSchema })
            needs |= RequestNeeds.StructuredOutput;
        return new RequestEnvelope
        {
            Model = request.Model.ToString(),
            Stream = stream,
            IncludeUsage = true,
            Needs = needs,
            IsSingleChoice = request.Count is null or 1,
            Choices = (int)Math.Clamp(request.Count ?? 1, 1, int.MaxValue),
            MaxTokens = (int)Math.Clamp(request.MaxTokens ?? 0, 0, int.MaxValue),
            PromptBytes = bytes,
            MessageCount = request.Messages.Count,
        };
    }

    private static void Count(Part part, ref int bytes, ref RequestNeeds needs)
    {
        switch (part)
        {
            case TextPart text:
                bytes += text.Text.Escaped.Length;
                break;
            case ReasoningPart reasoning:
                bytes += reasoning.Text.Escaped.Length;
                break;
            case ToolCallPart call:
                bytes += call.Arguments.AsText().Escaped.Length;
                break;
            case ToolResultPart result:
                foreach (var inner in result.Content)
                    Count(inner, ref bytes, ref needs);
                break;
            case ImagePart:
                needs |= RequestNeeds.Vision;
                break;
            case AudioPart:
                needs |= RequestNeeds.Audio;
                break;
            case FilePart:
                needs |= RequestNeeds.Files;
                break;
        }
    }

    private static void Add(Part part, ref TokenEstimate estimate)
    {
        switch (part)
        {
            case TextPart text:
                estimate.Add(text.Text.Escaped.Span);
                break;
            case ReasoningPart reasoning:
                estimate.Add(reasoning.Text.Escaped.Span);
                break;
            case ToolCallPart call:
                estimate.Add(call.Name.Escaped.Span);
                estimate.Add(call.Arguments.AsText().Escaped.Span);
                break;
            case ToolResultPart result:
                foreach (var inner in result.Content)
                    Add(inner, ref estimate);
                break;
        }
    }
}
