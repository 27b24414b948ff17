using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Responses;

/// <summary>Writes the response object, which repeats most of what was asked, and keeps it where that was asked too.</summary>
internal sealed class ResponseWriter(
    JsonElement root,
    ResponseStore store,
    ChatAnswer answer,
    ChatCall call,
    ReplyStyle style
)
{
    // What is repeated as it came, and what stands there where it did not come.
    private static readonly (string Name, string Absent)[] Repeated =
    [
        ("instructions", "null"),
        ("max_output_tokens", "null"),
        ("max_tool_calls", "null"),
        ("parallel_tool_calls", "true"),
        ("previous_response_id", "null"),
        ("prompt_cache_key", "null"),
        ("reasoning", """{"effort":null,"summary":null}"""),
        ("safety_identifier", "null"),
        ("store", "true"),
        ("temperature", "1.0"),
        ("text", """{"format":{"type":"text"},"verbosity":"medium"}"""),
        ("tool_choice", "\"auto\""),
        ("tools", "[]"),
        ("top_logprobs", "0"),
        ("top_p", "1.0"),
        ("truncation", "\"disabled\""),
        ("user", "null"),
        ("metadata", "{}"),
    ];

    public string Id => answer.Id;
    public ChatChoice Choice => answer.Choices[0];

    /// <summary>Items as they are before they hold anything.</summary>
    public OutputItem NewReasoning() =>
        new(OutputKind.Reasoning, "rs_" + Bare)
        {
            Encrypted = root.Texts("include").Contains("reasoning.encrypted_content")
                ? Thought.Sign(string.Concat(Choice.Reasoning))
                : null,
        };

    public OutputItem NewMessage() =>
        new(OutputKind.Message, "msg_" + Bare) { IsCited = IsSearched };

    public OutputItem NewSearch() => new(OutputKind.WebSearch, "ws_" + Bare);

    /// <summary>Whether the web was searched for the answer.</summary>
    public bool IsSearched => style.Quirk == Quirk.ResponsesWebSearch;

    public static OutputItem NewCall(ToolCall tool) =>
        new(OutputKind.FunctionCall, "fc_" + tool.Id["call_".Length..], tool);

    /// <summary>How the answer ends.</summary>
    public string Status =>
        style switch
        {
            { Quirk: Quirk.ResponsesFailed } => "failed",
            { Stop: "content_filter" } => "incomplete",
            _ => Choice.Finish == "length" ? "incomplete" : "completed",
        };

    /// <summary>The status of an item that is written whole.</summary>
    public string ItemStatus(OutputItem item) =>
        item.Kind == OutputKind.Message && Status == "incomplete" ? "incomplete" : "completed";

    public byte[] WriteWhole()
    {
        var items = new List<OutputItem>();
        if (IsSearched)
            items.Add(NewSearch());
        if (Choice.Reasoning.Count > 0)
        {
            items.Add(NewReasoning());
            if (call.ShowsReasoning)
                items[^1].Text.AppendJoin("", Choice.Reasoning);
        }
        if (Choice.Text.Count > 0 || Choice.ToolCalls.Count == 0)
        {
            items.Add(NewMessage());
            items[^1].Text.AppendJoin("", Choice.Text);
        }
        items.AddRange(Choice.ToolCalls.Select(NewCall));
        return WriteEnd(Status == "failed" ? [] : items);
    }

    /// <summary>The ended response as a body; kept from now on.</summary>
    public byte[] WriteEnd(List<OutputItem> items)
    {
        var body = Json.Bytes(json =>
        {
            json.WriteStartObject();
            Write(json, Status, items, Status == "failed" ? Failure : null);
            json.WriteEndObject();
        });
        if (root.Flag("store") != false && Status != "failed")
            store.Keep(
                Id,
                new(
                    body,
                    call.Transcript with
                    {
                        Tokens = call.Transcript.Tokens + answer.Usage.Completion,
                        Last = Speaker.Assistant,
                    },
                    [.. Choice.ToolCalls.Select(tool => tool.Id)]
                )
            );
        return body;
    }

    public static ApiError Failure { get; } =
        new(500, "Simulated: the server failed.", Code: "server_error");

    /// <summary>The fields of the response object.</summary>
    public void Write(Utf8JsonWriter json, string status, List<OutputItem> items, ApiError? error)
    {
        json.WriteString("id", Id);
        json.WriteString("object", "response");
        json.WriteNumber("created_at", answer.Created);
        json.WriteString("status", status);
        json.WriteBoolean("background", false);
        WriteError(json, error);
        WriteReason(json, status);
        json.WriteString("model", answer.Model);
        json.WriteStartArray("output");
        foreach (var item in items)
        {
            json.WriteStartObject();
            item.Write(json, item.Id, ItemStatus(item), begun: false);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        foreach (var (name, absent) in Repeated)
        {
            json.WritePropertyName(name);
            if (root.TryGetProperty(name, out var field))
                field.WriteTo(json);
            else
                json.WriteRawValue(absent);
        }
        json.WriteString("service_tier", "default");
        if (status is "completed" or "incomplete" && style.Placement != UsagePlacement.Nowhere)
            WriteUsage(json);
        else
            json.WriteNull("usage");
    }

    private string Bare => Id["resp_".Length..];

    private static void WriteError(Utf8JsonWriter json, ApiError? error)
    {
        if (error is null)
        {
            json.WriteNull("error");
            return;
        }
        json.WriteStartObject("error");
        json.WriteString("code", error.Code ?? "server_error");
        json.WriteString("message", error.Message);
        json.WriteEndObject();
    }

    private void WriteReason(Utf8JsonWriter json, string status)
    {
        if (status != "incomplete")
        {
            json.WriteNull("incomplete_details");
            return;
        }
        json.WriteStartObject("incomplete_details");
        json.WriteString(
            "reason",
            style.Stop == "content_filter" ? "content_filter" : "max_output_tokens"
        );
        json.WriteEndObject();
    }

    private void WriteUsage(Utf8JsonWriter json)
    {
        var usage = answer.Usage;
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", usage.Prompt);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", usage.Cached);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", usage.Completion);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.Reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", usage.Total);
        json.WriteEndObject();
    }
}
