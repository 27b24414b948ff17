using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Reads a Messages request.</summary>
internal static class AnthropicRequestReader
{
    /// <summary>Reads a body; the request's slices live as long as the body's buffer.</summary>
    /// <param name="body">The body, without its <c>dragoman</c> member or with it: it is passed over.</param>
    /// <param name="request">The request; null where the body is wrong.</param>
    /// <param name="error">What is wrong, where, and what is allowed; null where nothing is.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out ChatRequest? request,
        out GatewayError? error
    ) => JsonBody.TryRead(body, Read, out request, out error);

    private static ChatRequest? Read(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object");
            return null;
        }
        var at = json.Offset;
        var request = new ChatRequest { Model = default, Messages = [] };
        var raw = new RawFields(AnthropicDialect.DialectName);
        Message? system = null;
        var saysThinking = false;
        while (json.NextMember())
        {
            saysThinking |= json.Is("thinking"u8);
            if (json.Is("dragoman"u8))
                json.Skip();
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("system"u8))
                system = AnthropicMessageReader.ReadSystem(ref json, ref raw);
            else
                request =
                    ReadContent(ref json, ref raw, request)
                    ?? ReadSampling(ref json, ref raw, request)
                    ?? ReadRest(ref json, ref raw, request);
        }
        if (request.Model.IsEmpty)
            json.Missing("model", "the name of a model", at);
        if (request.MaxTokens is null)
            json.Missing("max_tokens", "a whole number of at least 1", at);
        if (request.Messages.Count == 0)
            json.Missing("messages", "a list of at least one message", at);
        if (request.ReasoningEffort is not null && !saysThinking)
            AnthropicThinkingReader.MarkEffortAlone(ref raw);
        return request with
        {
            Messages = system is null ? request.Messages : [system, .. request.Messages],
            Raw = raw.ToList(),
        };
    }

    private static ChatRequest? ReadContent(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.Is("model"u8))
            return request with { Model = json.Text(ref raw) ?? default };
        if (json.Is("messages"u8))
            return request with { Messages = AnthropicMessageReader.ReadList(ref json, ref raw) };
        if (json.Is("tools"u8))
            return request with { Tools = AnthropicToolReader.ReadTools(ref json, ref raw) };
        if (json.Is("tool_choice"u8))
            return AnthropicToolReader.ReadChoice(ref json, ref raw, request);
        if (json.Is("stream"u8))
            return request with { Stream = json.Flag(ref raw) };
        return null;
    }

    private static ChatRequest? ReadSampling(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.Is("max_tokens"u8))
            return request with { MaxTokens = json.Integer(ref raw, least: 1) };
        if (json.Is("temperature"u8))
            return request with { Temperature = json.Number(ref raw) };
        if (json.Is("top_p"u8))
            return request with { TopP = json.Number(ref raw) };
        if (json.Is("top_k"u8))
            return request with { TopK = json.Integer(ref raw) };
        if (json.Is("stop_sequences"u8))
            return request with { Stop = ReadStop(ref json, ref raw) };
        if (json.Is("thinking"u8))
            return AnthropicThinkingReader.ReadThinking(ref json, ref raw, request);
        if (json.Is("output_config"u8))
            return AnthropicThinkingReader.ReadOutputConfig(ref json, ref raw, request);
        return null;
    }

    private static ChatRequest ReadRest(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        if (json.Is("metadata"u8) && json.IsObject)
            return ReadMetadata(ref json, ref raw, request);
        if (json.Is("service_tier"u8) && json.IsText)
        {
            var tier = json.TakeText();
            // The word that both Anthropic and OpenAI have for "no faster lane".
            return request with
            {
                ServiceTier = tier.Is("standard_only"u8) ? JsonText.Of("default") : tier,
            };
        }
        // The name of the beta, before it moved into output_config.
        if (json.Is("output_format"u8) && json.IsObject)
            return AnthropicThinkingReader.ReadFormat(ref json, ref raw, request);
        // Tools that Anthropic itself runs.
        json.Carry(ref raw, isVital: json.Is("mcp_servers"u8) || json.Is("container"u8));
        return request;
    }

    private static ChatRequest ReadMetadata(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        raw.Parent = "metadata";
        while (json.NextMember())
        {
            if (json.IsText && json.Is("user_id"u8))
                request = request with { User = json.TakeText() };
            else
                json.Carry(ref raw);
        }
        raw.Parent = null;
        return request;
    }

    private static List<JsonText> ReadStop(ref JsonCursor json, ref RawFields raw)
    {
        var stop = new List<JsonText>();
        if (json.IsEmptyList)
        {
            json.Carry(ref raw);
            return stop;
        }
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of strings");
            return stop;
        }
        while (json.NextItem())
        {
            if (json.IsText)
                stop.Add(json.TakeText());
            else
                json.RefuseItem("a string");
        }
        return stop;
    }
}
