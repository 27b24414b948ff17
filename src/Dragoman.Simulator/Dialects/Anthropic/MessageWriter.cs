using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Writes a plain message.</summary>
internal static class MessageWriter
{
    public static byte[] Write(ChatAnswer answer, ReplyStyle style) =>
        Json.Bytes(json =>
        {
            var choice = answer.Choices[0];
            json.WriteStartObject();
            json.WriteString("model", answer.Model);
            json.WriteString("id", answer.Id);
            json.WriteString("type", "message");
            json.WriteString("role", "assistant");
            json.WriteStartArray("content");
            WriteContent(json, choice, style.Quirk);
            json.WriteEndArray();
            json.WriteString("stop_reason", StopReason(choice, style));
            json.WriteString("stop_sequence", choice.StoppedBy);
            if (style.Placement != UsagePlacement.Nowhere)
                MessageUsage.Write(
                    json,
                    answer.Usage,
                    answer.Usage.Completion,
                    style.Quirk == Quirk.AnthropicWebSearch
                );
            json.WriteEndObject();
        });

    public static string StopReason(ChatChoice choice, ReplyStyle style) =>
        choice switch
        {
            { StoppedBy: not null } => "stop_sequence",
            { Finish: "tool_calls" } => "tool_use",
            { Finish: "length" } => "max_tokens",
            _ when style.Quirk == Quirk.AnthropicPausedTurn => "pause_turn",
            _ => style.Stop == "content_filter" ? "refusal" : "end_turn",
        };

    private static void WriteContent(Utf8JsonWriter json, ChatChoice choice, Quirk quirk)
    {
        if (quirk == Quirk.AnthropicRedactedThinking)
            Block(json, MessageBlocks.WriteRedacted);
        if (choice.Reasoning.Count > 0)
        {
            var thinking = string.Concat(choice.Reasoning);
            Block(json, it => MessageBlocks.WriteThinking(it, thinking, Thought.Sign(thinking)));
        }
        if (quirk == Quirk.AnthropicUnknownBlock)
            Block(json, MessageBlocks.WriteUnknown);
        if (quirk == Quirk.AnthropicWebSearch)
        {
            Block(json, it => MessageBlocks.WriteSearch(it, begun: false));
            Block(json, MessageBlocks.WriteSearchResult);
        }
        if (choice.Text.Count > 0)
            Block(
                json,
                it =>
                    MessageBlocks.WriteText(
                        it,
                        string.Concat(choice.Text),
                        quirk == Quirk.AnthropicWebSearch
                    )
            );
        foreach (var tool in choice.ToolCalls)
            Block(json, it => MessageBlocks.WriteToolUse(it, tool, begun: false));
    }

    private static void Block(Utf8JsonWriter json, Action<Utf8JsonWriter> fields)
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    }
}
