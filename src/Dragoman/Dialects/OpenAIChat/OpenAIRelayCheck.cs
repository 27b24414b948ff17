using System.Runtime.CompilerServices;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// Whether a client's own bytes can go to a vendor of this dialect: one walk over the body, which looks for what its entry in the
/// catalog says that it refuses or calls otherwise. Most bodies hold none of it and go as they are.
/// </summary>
internal static class OpenAIRelayCheck
{
    /// <summary>The members each deployment refuses, found once: this is asked of every request.</summary>
    private static readonly ConditionalWeakTable<Deployment, string[]> Refused = [];

    public static bool Passes(ReadOnlySpan<byte> body, Deployment deployment)
    {
        var habits = deployment.Provider.Type.Chat;
        var refused = Refused.GetValue(deployment, static known => RefusedBy(known));
        var json = new Utf8JsonReader(
            body,
            new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
        );
        try
        {
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var passes =
                    json.ValueTextEquals("messages"u8) ? PassMessages(ref json, body, habits)
                    : json.ValueTextEquals("response_format"u8) ? PassFormat(ref json, habits)
                    : PassMember(ref json, refused);
                if (!passes)
                    return false;
            }
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What is odd enough goes as it is: the vendor says what is wrong with it.
            return true;
        }
    }

    private static string[] RefusedBy(Deployment deployment)
    {
        var target = new OpenAITarget(deployment, new Losses());
        return
        [
            .. target.Habits.Refuses,
            // OpenAI's older models know the older name, and many clients say it.
            .. target.Habits.Names.Keys.Where(name => name != "max_tokens" || target.Reasons),
            .. target.Habits.ReasoningRefuses.Where(name => target.NameOf(name) is null),
            .. ((string[])["temperature", "top_p"]).Where(name => target.NameOf(name) is null),
        ];
    }

    private static bool PassMember(ref Utf8JsonReader json, string[] refused)
    {
        var isTaken = true;
        foreach (var name in refused)
            isTaken &= !json.ValueTextEquals(name);
        json.Read();
        var isNull = json.TokenType == JsonTokenType.Null;
        json.Skip();
        return isTaken || isNull;
    }

    private static bool PassFormat(ref Utf8JsonReader json, ChatHabits habits)
    {
        json.Read();
        if (habits.Schemas is not SchemaSupport.ObjectOnly)
        {
            json.Skip();
            return true;
        }
        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType == JsonTokenType.String && json.ValueTextEquals("json_schema"u8))
                return false;
        }
        return true;
    }

    /// <summary>Looks at the members of messages and of their tool calls.</summary>
    private static bool PassMessages(
        ref Utf8JsonReader json,
        ReadOnlySpan<byte> body,
        ChatHabits habits
    )
    {
        json.Read();
        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType != JsonTokenType.PropertyName)
                continue;
            // messages[i].name is two below the list, messages[i].tool_calls[j].name four.
            var level = json.CurrentDepth - depth;
            var passes =
                level == 2 && IsReasoning(ref json) || level == 4 && IsExtra(ref json)
                    ? PassReasoning(ref json, body, habits)
                : level == 2 && json.ValueTextEquals("tool_call_id"u8) ? PassId(ref json, habits)
                : true;
            if (!passes)
                return false;
        }
        return true;
    }

    private static bool IsReasoning(ref Utf8JsonReader json) =>
        json.ValueTextEquals("reasoning_content"u8)
        || json.ValueTextEquals("reasoning"u8)
        || json.ValueTextEquals("reasoning_details"u8);

    private static bool IsExtra(ref Utf8JsonReader json) => json.ValueTextEquals("extra_content"u8);

    private static bool PassReasoning(
        ref Utf8JsonReader json,
        ReadOnlySpan<byte> body,
        ChatHabits habits
    )
    {
        json.Read();
        var isNull = json.TokenType == JsonTokenType.Null;
        json.Skip();
        return isNull
            || habits.ReasoningReturn
                is ReasoningReturn.AsCame
                    or ReasoningReturn.ContentOfToolTurns
                    or ReasoningReturn.Details
                && !CarriedSignature.IsIn(body);
    }

    private static bool PassId(ref Utf8JsonReader json, ChatHabits habits)
    {
        json.Read();
        return habits.ToolIdLength is not { } length
            || json.TokenType != JsonTokenType.String
            || OpenAIToolIds.IsFit(json.ValueSpan, length);
    }
}
