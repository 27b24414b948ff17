using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>What a response object says beside its output: who it is, how it went, and once more what was asked.</summary>
internal sealed class ResponseHead
{
    /// <summary>Members that repeat the request, and what stands there where it did not say (API reference, responses; seen 2026-11).</summary>
    private static readonly (string Name, string Otherwise)[] BeforeOutput =
    [
        ("background", "false"),
        ("instructions", "null"),
        ("max_output_tokens", "null"),
        ("max_tool_calls", "null"),
    ];

    private static readonly (string Name, string Otherwise)[] BehindOutput =
    [
        ("parallel_tool_calls", "true"),
        ("previous_response_id", "null"),
        ("prompt_cache_key", "null"),
        ("safety_identifier", "null"),
        ("store", "true"),
        ("temperature", "null"),
        ("tool_choice", "\"auto\""),
        ("tools", "[]"),
        ("top_logprobs", "0"),
        ("top_p", "null"),
        ("truncation", "\"disabled\""),
        ("user", "null"),
        ("metadata", "{}"),
    ];

    private readonly ReadOnlyMemory<byte> _request;

    public ResponseHead(in ReplyFallback fallback)
    {
        _request = fallback.Request;
        Model = fallback.Model;
        Created = fallback.Created;
        OwnId = JsonText.Join([JsonText.Of("resp_"), fallback.Id]);
        Id = OwnId;
    }

    /// <summary>The id this gateway gives.</summary>
    public JsonText OwnId { get; }
    public JsonText Id { get; set; }
    public JsonText Model { get; set; }
    public long Created { get; set; }

    /// <summary>The client's tools.</summary>
    public ClientTools Tools => field ??= new ClientTools(_request.Span);

    /// <summary>What tells this answer's items from those of others.</summary>
    public string Suffix
    {
        get
        {
            var id = Id.ToString();
            return id.StartsWith("resp_", StringComparison.Ordinal) ? id[5..] : id;
        }
    }

    /// <summary>Writes everything up to the output.</summary>
    /// <param name="json">Stands where the object goes.</param>
    /// <param name="status"><c>in_progress</c>, <c>completed</c>, <c>incomplete</c>.</param>
    /// <param name="reason">Why it is incomplete; empty where it is not.</param>
    public void WriteBeforeOutput(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> status,
        ReadOnlySpan<byte> reason
    )
    {
        json.WriteStartObject();
        DialectJson.Write(json, "id"u8, Id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, Created);
        json.WriteString("status"u8, status);
        json.WriteNull("error"u8);
        if (reason.IsEmpty)
            json.WriteNull("incomplete_details"u8);
        else
        {
            json.WriteStartObject("incomplete_details"u8);
            json.WriteString("reason"u8, reason);
            json.WriteEndObject();
        }
        WriteEcho(json, BeforeOutput);
        DialectJson.Write(json, "model"u8, Model);
    }

    /// <summary>Writes everything behind the output.</summary>
    public void WriteBehindOutput(Utf8JsonWriter json, TokenUsage? usage, RawField? rawUsage)
    {
        WriteEcho(json, BehindOutput);
        WriteText(json);
        WriteReasoning(json);
        json.WriteString("service_tier"u8, usage?.ServiceTier ?? "default");
        json.WritePropertyName("usage"u8);
        if (usage is null && rawUsage is null)
            json.WriteNullValue();
        else
            ResponsesUsage.Write(json, usage ?? new TokenUsage(), rawUsage);
        json.WriteEndObject();
    }

    private void WriteEcho(Utf8JsonWriter json, (string Name, string Otherwise)[] members)
    {
        foreach (var (name, otherwise) in members)
        {
            json.WritePropertyName(name);
            var said = Said(name);
            if (said.IsEmpty || (said.SequenceEqual("null"u8) && otherwise != "null"))
                json.WriteRawValue(otherwise, skipInputValidation: true);
            else
                json.WriteRawValue(OnOneLine(said), skipInputValidation: true);
        }
    }

    private void WriteText(Utf8JsonWriter json)
    {
        var hasFormat = false;
        json.WriteStartObject("text"u8);
        var members = new JsonWalk(Said("text"));
        while (members.Next())
        {
            hasFormat |= members.Is("format"u8);
            json.WritePropertyName(JsonUnescape.ToText(members.Name));
            json.WriteRawValue(OnOneLine(members.Value), skipInputValidation: true);
        }
        if (!hasFormat)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "text"u8);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private void WriteReasoning(Utf8JsonWriter json)
    {
        ReadOnlySpan<byte> effort = "null"u8;
        ReadOnlySpan<byte> summary = "null"u8;
        var members = new JsonWalk(Said("reasoning"));
        while (members.Next())
        {
            if (members.IsText && members.Is("effort"u8))
                effort = members.Value;
            else if (members.IsText && members.Is("summary"u8))
                summary = members.Value;
        }
        json.WriteStartObject("reasoning"u8);
        json.WritePropertyName("effort"u8);
        json.WriteRawValue(effort, skipInputValidation: true);
        json.WritePropertyName("summary"u8);
        json.WriteRawValue(summary, skipInputValidation: true);
        json.WriteEndObject();
    }

    private ReadOnlySpan<byte> Said(string name)
    {
        var wanted = System.Text.Encoding.UTF8.GetBytes(name);
        var members = new JsonWalk(_request.Span);
        while (members.Next())
        {
            if (members.Is(wanted))
                return members.Value;
        }
        return default;
    }

    /// <summary>Without the line ends of a pretty body, which would end an event's line.</summary>
    private static ReadOnlySpan<byte> OnOneLine(ReadOnlySpan<byte> json)
    {
        if (json.IndexOfAny((byte)'\r', (byte)'\n') < 0)
            return json;
        var line = new System.Buffers.ArrayBufferWriter<byte>(json.Length);
        Sse.SseWriter.WriteOnOneLine(line, json);
        return line.WrittenSpan;
    }
}
