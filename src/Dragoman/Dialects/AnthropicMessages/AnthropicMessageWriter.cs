using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Writes the system prompt and the turns of a request.</summary>
/// <param name="json">Where they go.</param>
/// <param name="claude">The model that is asked; null where it is not Anthropic's.</param>
/// <param name="losses">Takes what cannot be said.</param>
internal sealed class AnthropicMessageWriter(
    Utf8JsonWriter json,
    ClaudeModel? claude,
    Losses losses
)
{
    private readonly AnthropicToolIds _ids = new();

    /// <param name="turns">The conversation.</param>
    /// <param name="instruction">What the system prompt says beside the client's own; null for nothing.</param>
    public void WriteSystem(AnthropicTurns turns, string? instruction)
    {
        if (turns.IsBareSystem && instruction is null && turns.System is [var only])
        {
            DialectJson.Write(json, "system"u8, ((TextPart)only.Part).Text);
            return;
        }
        if (turns.System.Count == 0 && instruction is null)
            return;
        json.WriteStartArray("system"u8);
        foreach (var (part, where) in turns.System)
        {
            AnthropicJson.NameLosses(part.Raw, where, losses);
            AnthropicBlockWriter.WriteText(json, (TextPart)part);
        }
        if (instruction is not null)
            AnthropicBlockWriter.WriteText(json, new TextPart(JsonText.Of(instruction)));
        json.WriteEndArray();
    }

    public void WriteTurns(List<AnthropicTurn> turns)
    {
        json.WriteStartArray("messages"u8);
        if (turns is [{ IsAssistant: true }, ..])
        {
            losses.Translated("messages", "a first \"Begin.\", as the user speaks first");
            WriteTurn(OfUser("Begin."), isLast: false);
        }
        for (var i = 0; i < turns.Count; i++)
            WriteTurn(turns[i], isLast: i == turns.Count - 1);
        // A model that carries nothing on wants to be asked.
        if (turns is [.., { IsAssistant: true }] && claude is { TakesPrefill: false })
        {
            losses.Translated("messages", "a last \"Continue.\", as the model takes no prefill");
            WriteTurn(OfUser("Continue."), isLast: false);
        }
        json.WriteEndArray();
    }

    private static AnthropicTurn OfUser(string text) =>
        new(false, [(new TextPart(JsonText.Of(text)), "messages")]) { IsBareText = true };

    private void WriteTurn(AnthropicTurn turn, bool isLast)
    {
        json.WriteStartObject();
        json.WriteString(
            "role"u8,
            turn.IsSystem ? "system"u8
                : turn.IsAssistant ? "assistant"u8
                : "user"u8
        );
        var isPrefill = turn.IsAssistant && isLast;
        if (turn is { IsBareText: true, Parts: [(TextPart text, _)] })
            DialectJson.Write(json, "content"u8, (isPrefill ? Trimmed(text) : text).Text);
        else if (!AnthropicJson.Has(turn.Raw, null, "content"u8))
        {
            json.WriteStartArray("content"u8);
            for (var i = 0; i < turn.Parts.Count; i++)
            {
                var (part, where) = turn.Parts[i];
                var isEnd = isPrefill && i == turn.Parts.Count - 1;
                WritePart(isEnd && part is TextPart end ? Trimmed(end) : part, where);
            }
            json.WriteEndArray();
        }
        AnthropicJson.WriteRaw(json, turn.Raw);
        json.WriteEndObject();
    }

    private void WritePart(Part part, string where)
    {
        AnthropicJson.NameLosses(part.Raw, where, losses);
        switch (part)
        {
            case TextPart text:
                AnthropicBlockWriter.WriteText(json, text);
                break;
            case RefusalPart refusal:
                if (AnthropicTurns.Says(new TextPart(refusal.Text)))
                    AnthropicBlockWriter.WriteText(json, new TextPart(refusal.Text));
                break;
            case ToolCallPart call:
                AnthropicBlockWriter.WriteCall(json, call, _ids.Of(call));
                break;
            case ToolResultPart result:
                WriteResult(result, where);
                break;
            case ReasoningPart reasoning:
                WriteThinking(reasoning, where);
                break;
            case ImagePart image:
                if (Takes(AnthropicMedia.Refuse(image, out var source), where))
                    AnthropicBlockWriter.WriteMedia(json, "image"u8, image, source);
                if (image.Detail is { } detail && !detail.Is("auto"u8))
                    losses.Add($"{where}.detail");
                break;
            case FilePart file:
                if (Takes(AnthropicMedia.Refuse(file, out var document), where))
                    AnthropicBlockWriter.WriteMedia(json, "document"u8, file, document);
                break;
            case AudioPart:
                Takes("audio", where);
                break;
            case RawPart { Dialect: AnthropicDialect.DialectName } raw:
                DialectJson.Write(json, raw.Json);
                break;
            case RawPart other:
                losses.Add($"{where} ({other.Type})");
                break;
        }
    }

    private bool Takes(string? refused, string where)
    {
        if (refused is not null)
            losses.Refuse($"Anthropic's API does not take {refused} ({where})");
        return refused is null;
    }

    private void WriteResult(ToolResultPart result, string where)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_result"u8);
        DialectJson.Write(json, "tool_use_id"u8, _ids.Of(result));
        DialectJson.Write(json, "is_error"u8, result.IsError);
        var content = result.Content.Where(AnthropicTurns.Says).ToList();
        if (result.IsBareText && content is [TextPart { Raw.Count: 0 } only])
            DialectJson.Write(json, "content"u8, only.Text);
        else if (content.Count > 0)
        {
            json.WriteStartArray("content"u8);
            foreach (var part in content)
                WritePart(part, where);
            json.WriteEndArray();
        }
        AnthropicJson.WriteRaw(json, result.Raw);
        json.WriteEndObject();
    }

    /// <summary>Thinking goes back as it came, signature and all; what Anthropic did not sign its models refuse.</summary>
    private void WriteThinking(ReasoningPart reasoning, string where)
    {
        if (reasoning is { Signature: { } signature, SignatureOf: AnthropicDialect.DialectName })
            AnthropicBlockWriter.WriteThinking(json, reasoning, signature);
        else if (claude is null && reasoning is { IsRedacted: false, Text.IsEmpty: false })
            AnthropicBlockWriter.WriteThinking(json, reasoning, default);
        else
            losses.Add($"{where} (reasoning)");
    }

    /// <summary>Anthropic refuses a last message that ends in white space.</summary>
    private TextPart Trimmed(TextPart text)
    {
        if (
            text.Text.IsEmpty
            || text.Text.Escaped.Span[^1] is not ((byte)' ' or (byte)'n' or (byte)'t' or (byte)'r')
        )
            return text;
        var whole = text.Text.ToString();
        var trimmed = whole.TrimEnd();
        if (trimmed.Length == whole.Length)
            return text;
        losses.Translated("messages", "a last message without its trailing white space");
        return text with { Text = JsonText.Of(trimmed) };
    }
}
