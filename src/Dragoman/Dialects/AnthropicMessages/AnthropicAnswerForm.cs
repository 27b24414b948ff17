using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// How an answer is given the shape that was asked for: by the model's own structured output where it has that and the schema can
/// be said in it, else by making it call a tool whose input is the answer, else by asking for it in the system prompt.
/// </summary>
internal sealed class AnthropicAnswerForm
{
    private readonly RawJson _schema;
    private readonly ResponseFormat? _raw;

    public AnthropicAnswerForm(
        ResponseFormat? format,
        ToolChoice? choice,
        bool isThinking,
        Deployment target,
        ClaudeModel? claude,
        Losses losses
    )
    {
        switch (format?.Kind)
        {
            case ResponseFormatKind.Raw when format.Dialect == AnthropicDialect.DialectName:
                _raw = format;
                break;
            case ResponseFormatKind.Raw:
                losses.Add("response_format");
                break;
            case ResponseFormatKind.JsonObject:
                Instruction =
                    "Answer with one JSON object and nothing else: no words around it, no code fence.";
                losses.Translated("response_format", "an instruction in the system prompt");
                break;
            case ResponseFormatKind.JsonSchema:
                var hasSchemas =
                    claude?.TakesSchemas ?? target.Capabilities.StructuredOutput is true;
                if (
                    hasSchemas
                    && AnthropicSchema.TryAdapt(format.Schema, out _schema, out var moved)
                )
                {
                    foreach (var keyword in moved)
                        losses.Translated("response_format", $"{keyword} in the description");
                }
                else
                    UseToolOrInstruction(
                        format,
                        choice,
                        !isThinking && claude is not { TakesForcedTools: false },
                        losses
                    );
                break;
        }
    }

    /// <summary>The schema of the tool that takes the answer; empty where there is none.</summary>
    public RawJson ToolSchema { get; private set; }

    /// <summary>What the tool is told to be for.</summary>
    public JsonText? ToolDescription { get; private set; }

    /// <summary>What the system prompt must ask for; null for nothing.</summary>
    public string? Instruction { get; private set; }

    /// <summary>Something is to be said in <c>output_config.format</c>.</summary>
    public bool HasFormat => !_schema.IsEmpty || _raw is not null;

    public void WriteFormat(Utf8JsonWriter json)
    {
        if (_raw is { } own)
            DialectJson.Write(json, "format"u8, own.Json);
        if (_schema.IsEmpty)
            return;
        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        DialectJson.Write(json, "schema"u8, _schema);
        json.WriteEndObject();
    }

    private void UseToolOrInstruction(
        ResponseFormat format,
        ToolChoice? choice,
        bool canForce,
        Losses losses
    )
    {
        // Made to call a tool of its own it gives no answer this turn.
        if (choice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Function)
            return;
        if (canForce && AnthropicSchema.IsOfObject(format.Schema))
        {
            ToolSchema = format.Schema;
            ToolDescription =
                format.Description
                ?? JsonText.Of("Gives the answer. Call it once, with all of it.");
            losses.Translated("response_format", "a tool whose input is the answer");
            return;
        }
        Instruction =
            "Answer with one JSON value that follows this JSON schema, and nothing else: no words around it, no code fence.\n"
            + format.Schema;
        losses.Translated("response_format", "an instruction in the system prompt");
    }
}
