using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects.InProcess;

namespace Dragoman.Guardrails;

/// <summary>How large a request may be; null is without limit.</summary>
internal sealed record InputLimits
{
    /// <summary>Characters of all text in the conversation, as UTF-16 counts them.</summary>
    public int? Characters { get; init; }

    /// <summary>Tokens of conversation and tools, as we estimate them.</summary>
    public int? Tokens { get; init; }
    public int? Messages { get; init; }
    public int? Images { get; init; }
    public int? Tools { get; init; }

    /// <summary>The limit that a request exceeds, in the words of its finding, and what it has; null where it exceeds none.</summary>
    public (string Kind, long Found, int Most)? Exceeded(ChatRequest request) =>
        Over("messages", request.Messages.Count, Messages)
        ?? Over("tools", request.Tools.Count, Tools)
        ?? (Images is null ? null : Over("images", ImagesIn(request), Images))
        ?? (Characters is null ? null : Over("characters", CharactersIn(request), Characters))
        ?? (Tokens is null ? null : Over("tokens", PromptText.Tokens(request), Tokens));

    /// <inheritdoc cref="Exceeded(ChatRequest)"/>
    public (string Kind, long Found, int Most)? Exceeded(EmbeddingRequest request) =>
        Over("messages", request.Inputs.Count, Messages)
        ?? (
            Characters is null
                ? null
                : Over(
                    "characters",
                    request.Inputs.Sum(static input => LengthOf(input.Text ?? default)),
                    Characters
                )
        )
        ?? (Tokens is null ? null : Over("tokens", PromptText.Tokens(request), Tokens));

    private static (string, long, int)? Over(string kind, long found, int? most) =>
        found > most ? (kind, found, most.Value) : null;

    private static long ImagesIn(ChatRequest request) =>
        request.Messages.Sum(static message => ImagesIn(message.Parts));

    private static long ImagesIn(IReadOnlyList<Part> parts) =>
        parts.Sum(static part =>
            part switch
            {
                ImagePart => 1,
                ToolResultPart result => ImagesIn(result.Content),
                _ => 0,
            }
        );

    private static long CharactersIn(ChatRequest request) =>
        request.Messages.Sum(static message => CharactersIn(message.Parts));

    private static long CharactersIn(IReadOnlyList<Part> parts) =>
        parts.Sum(static part =>
            part switch
            {
                TextPart text => LengthOf(text.Text),
                RefusalPart refusal => LengthOf(refusal.Text),
                ReasoningPart reasoning => LengthOf(reasoning.Text),
                ToolCallPart call => call.Arguments.ToString().Length,
                ToolResultPart result => CharactersIn(result.Content),
                RawPart raw => raw.Json.Utf8.Length,
                _ => 0,
            }
        );

    private static long LengthOf(JsonText text) =>
        text.Escaped.Span.Contains((byte)'\\')
            ? text.ToString().Length
            : Encoding.UTF8.GetCharCount(text.Escaped.Span);
}
