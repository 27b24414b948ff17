using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Writes a Messages request that the model takes: what it refuses is left out and named.</summary>
internal static class AnthropicRequestWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="target">Whom it goes to.</param>
    /// <param name="losses">Takes what this dialect or the model cannot say.</param>
    public static void Write(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    )
    {
        request = AnthropicCacheMarks.Adopt(request);
        var claude = ClaudeModel.Find(target.Model);
        var turns = new AnthropicTurns(request.Messages, losses);
        var thinking = new AnthropicThinking(request, turns, target, claude, losses);
        var form = new AnthropicAnswerForm(
            request.ResponseFormat,
            request.ToolChoice,
            thinking.IsOn,
            target,
            claude,
            losses
        );
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        if (!request.Model.IsEmpty)
            DialectJson.Write(json, "model"u8, request.Model);
        json.WriteNumber("max_tokens"u8, thinking.MaxTokens);
        var messages = new AnthropicMessageWriter(json, claude, losses);
        messages.WriteSystem(turns, form.Instruction);
        messages.WriteTurns(turns.Turns);
        new AnthropicToolWriter(json, request, form, thinking.IsOn, claude, losses).Write();
        AnthropicSampling.Write(json, request, thinking.IsOn, target, claude, losses);
        thinking.Write(json, request);
        WriteOutputConfig(json, request, thinking, form);
        WriteRest(json, request, losses);
        json.WriteEndObject();
    }

    private static void WriteOutputConfig(
        Utf8JsonWriter json,
        ChatRequest request,
        AnthropicThinking thinking,
        AnthropicAnswerForm form
    )
    {
        const string Member = "output_config";
        if (thinking.Effort is null && !form.HasFormat && !AnthropicJson.Has(request.Raw, Member))
            return;
        json.WriteStartObject("output_config"u8);
        if (thinking.Effort is { } effort)
            json.WriteString("effort"u8, effort);
        form.WriteFormat(json);
        AnthropicJson.WriteRaw(json, request.Raw, Member);
        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        const string Metadata = "metadata";
        if (request.User is not null || AnthropicJson.Has(request.Raw, Metadata))
        {
            json.WriteStartObject("metadata"u8);
            DialectJson.Write(json, "user_id"u8, request.User);
            AnthropicJson.WriteRaw(json, request.Raw, Metadata);
            json.WriteEndObject();
        }
        if (request.ServiceTier is { } tier)
        {
            if (tier.Is("auto"u8))
                json.WriteString("service_tier"u8, "auto"u8);
            else if (tier.Is("default"u8))
                json.WriteString("service_tier"u8, "standard_only"u8);
            else
                losses.Add("service_tier");
        }
        DialectJson.Write(json, "stream"u8, request.Stream);
        foreach (var field in request.Raw)
        {
            // The mark of an effort that was said without thinking is ours.
            if (field is { Dialect: AnthropicDialect.DialectName, Parent: null } && !IsMark(field))
                DialectJson.Write(
                    json,
                    System.Text.Encoding.UTF8.GetBytes(field.Name.ToString()),
                    field.Value
                );
        }
        AnthropicJson.NameLosses(request.Raw, "", losses);
    }

    private static bool IsMark(RawField field) =>
        field.Name.Is("thinking"u8) && field.Value.Utf8.Span.SequenceEqual("null"u8);
}
