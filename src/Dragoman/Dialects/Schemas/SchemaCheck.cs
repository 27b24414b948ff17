using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Schemas;

/// <summary>Whether an answer is the JSON that was asked for: our own look, since not every provider enforces what it accepts.</summary>
public static class SchemaCheck
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = JsonCursor.MaxDepth };

    /// <summary>What is wrong with a reply, choice by choice; null where nothing is, or where no schema was asked for.</summary>
    /// <param name="format">What was asked for.</param>
    /// <param name="reply">The answer. Choices that stopped short, refused or called tools say so themselves and are not looked at.</param>
    public static string? FaultIn(ResponseFormat? format, ChatReply reply)
    {
        if (format is not { Kind: ResponseFormatKind.JsonSchema, Schema.IsEmpty: false })
            return null;
        foreach (var choice in reply.Choices)
        {
            if (
                choice.Stop
                    is not (StopReason.Stop or StopReason.StopSequence or StopReason.Unknown)
                || choice.Message.Parts.Any(static part => part is RefusalPart or ToolCallPart)
            )
                continue;
            var text = string.Concat(
                choice.Message.Parts.OfType<TextPart>().Select(static part => part.Text.ToString())
            );
            if (FaultIn(format.Schema, text) is { } fault)
                return fault;
        }
        return null;
    }

    /// <summary>What is wrong with an answer's text; null where nothing is. A schema that is none holds nothing against any JSON.</summary>
    public static string? FaultIn(RawJson schema, string text)
    {
        JsonDocument answer;
        try
        {
            answer = JsonDocument.Parse(text, Depth);
        }
        catch (JsonException)
        {
            return text.Length == 0 ? "the answer is empty" : "the answer is not JSON";
        }
        using (answer)
        {
            try
            {
                using var rules = JsonDocument.Parse(schema.Utf8, Depth);
                return
                    new SchemaValidator(rules.RootElement).FaultIn(answer.RootElement) is { } fault
                    ? "the answer does not follow the schema: " + fault
                    : null;
            }
            // The second is for text that is no Unicode, in a name or a value.
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return null;
            }
        }
    }
}
