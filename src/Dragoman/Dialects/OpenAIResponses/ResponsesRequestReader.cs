using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads a request for a response.</summary>
internal static class ResponsesRequestReader
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

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
        var raw = new RawFields(Dialect);
        Message? instructions = null;
        while (json.NextMember())
        {
            if (json.Is("dragoman"u8))
                json.Skip();
            else if (json.IsNull || (json.ValueIs(""u8) && json.Is("instructions"u8)))
                json.Carry(ref raw);
            else if (json.Is("instructions"u8))
                instructions = json.Text(ref raw) is { } text
                    ? new Message(MessageRole.System, [new TextPart(text)]) { IsBareText = true }
                    : null;
            else
                request =
                    ReadContent(ref json, ref raw, request)
                    ?? ReadSampling(ref json, ref raw, request)
                    ?? ReadRest(ref json, ref raw, request);
        }
        if (request.Model.IsEmpty)
            json.Missing("model", "the name of a model", at);
        // Only a conversation, a template or an earlier answer can stand in for it.
        if (request.Messages.Count == 0 && !HasOtherInput(raw.ToList()))
            json.Missing("input", "a string or a list of at least one item", at);
        return request with
        {
            Messages = instructions is null
                ? request.Messages
                : [instructions, .. request.Messages],
            Raw = raw.ToList(),
        };
    }

    private static bool HasOtherInput(IReadOnlyList<RawField> raw) =>
        raw.Any(field =>
            field.Parent is null
            && (
                field.Name.Is("previous_response_id"u8)
                || field.Name.Is("conversation"u8)
                || field.Name.Is("prompt"u8)
            )
        );

    private static ChatRequest? ReadContent(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.Is("model"u8))
            return request with { Model = json.Text(ref raw) ?? default };
        if (json.Is("input"u8))
            return request with { Messages = ReadInput(ref json, ref raw) };
        if (json.Is("tools"u8))
            return request with { Tools = ResponsesToolReader.ReadTools(ref json, ref raw) };
        if (json.Is("tool_choice"u8))
            return request with { ToolChoice = ResponsesToolReader.ReadChoice(ref json, ref raw) };
        if (json.Is("parallel_tool_calls"u8))
            return request with { ParallelToolCalls = json.Flag(ref raw) };
        if (json.IsObject && json.Is("text"u8))
            return ReadText(ref json, ref raw, request);
        if (json.IsObject && json.Is("reasoning"u8))
            return ReadReasoning(ref json, ref raw, request);
        return null;
    }

    private static ChatRequest? ReadSampling(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.Is("max_output_tokens"u8))
            return request with { MaxCompletionTokens = json.Integer(ref raw, least: 1) };
        if (json.Is("temperature"u8))
            return request with { Temperature = json.Number(ref raw) };
        if (json.Is("top_p"u8))
            return request with { TopP = json.Number(ref raw) };
        if (json.Is("top_logprobs"u8))
            return request with
            {
                TopLogProbs = (int?)json.Integer(ref raw, least: 0, most: int.MaxValue),
            };
        return null;
    }

    private static ChatRequest ReadRest(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        if (json.Is("service_tier"u8))
            return request with { ServiceTier = json.Text(ref raw) };
        if (json.Is("user"u8))
            return request with { User = json.Text(ref raw) };
        if (json.Is("metadata"u8))
            return request with { Metadata = json.Object(ref raw) };
        if (json.Is("stream"u8))
            return request with { Stream = json.Flag(ref raw) };
        if (
            json.IsList
            && json.Is("include"u8)
            && json.PeekJson().Utf8.Span.IndexOf("\"message.output_text.logprobs\""u8) >= 0
        )
            request = request with { LogProbs = true };
        json.Carry(ref raw);
        return request;
    }

    private static IReadOnlyList<Message> ReadInput(ref JsonCursor json, ref RawFields raw)
    {
        if (json.IsList)
            return new ResponsesItemReader(isReply: false).Read(ref json);
        if (!json.IsText)
        {
            json.Refuse(ref raw, "a string or a list of items");
            return [];
        }
        var whole = json.PeekJson();
        IReadOnlyList<Part> parts = [new TextPart(json.TakeText())];
        return
        [
            new Message(MessageRole.User, parts)
            {
                IsBareText = true,
                Origin = new MessageOrigin(Dialect, whole, parts),
            },
        ];
    }

    private static ChatRequest ReadText(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        raw.Parent = "text";
        while (json.NextMember())
        {
            if (!json.IsNull && json.Is("format"u8))
                request = request with
                {
                    ResponseFormat = ResponsesFormatReader.Read(ref json, ref raw),
                };
            else
                json.Carry(ref raw);
        }
        raw.Parent = null;
        return request;
    }

    private static ChatRequest ReadReasoning(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        raw.Parent = "reasoning";
        while (json.NextMember())
        {
            if (!json.IsNull && json.Is("effort"u8))
                request = request with { ReasoningEffort = json.Text(ref raw) };
            else
            {
                if (json.IsText && (json.Is("summary"u8) || json.Is("generate_summary"u8)))
                    request = request with { ReasoningShown = true };
                json.Carry(ref raw);
            }
        }
        raw.Parent = null;
        return request;
    }
}
