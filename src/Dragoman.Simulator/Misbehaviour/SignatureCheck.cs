using System.Text.Json;
using Dragoman.Simulator.Dialects;
using Dragoman.Simulator.Dialects.Gemini;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Misbehaviour;

/// <summary>Looks whether what was thought comes back just as it was given, as the vendors do.</summary>
internal static class SignatureCheck
{
    public static Reply? Refuse(FaultMoment moment)
    {
        var mistake =
            moment.Dialect.Kind == SimulatedDialect.Gemini
                ? Gemini(moment.Request)
                : Anthropic(moment.Request);
        return mistake is null ? null : moment.Dialect.Refuse(new(400, mistake));
    }

    private static string? Anthropic(JsonElement request)
    {
        var index = 0;
        foreach (var message in request.Items("messages"))
        {
            var blocks = message.Items("content").ToList();
            for (var at = 0; at < blocks.Count; at++)
            {
                var sound = blocks[at].Text("type") switch
                {
                    "thinking" => blocks[at].Text("signature")
                        == Thought.Sign(blocks[at].Text("thinking") ?? ""),
                    "redacted_thinking" => blocks[at].Text("data") == Thought.Redacted,
                    _ => true,
                };
                if (!sound)
                    return $"messages.{index}.content.{at}: Invalid `signature` in `thinking` block";
            }
            // With thinking on, a turn that calls tools must begin with what was thought.
            if (
                message.Text("role") == "assistant"
                && blocks.Any(block => block.Text("type") == "tool_use")
                && blocks[0].Text("type") is not ("thinking" or "redacted_thinking")
            )
                return $"messages.{index}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{blocks[0].Text("type")}`.";
            index++;
        }
        return null;
    }

    private static string? Gemini(JsonElement request)
    {
        foreach (var content in request.EitherItems("contents"))
        {
            // Of several calls in one turn the first alone was signed.
            var first = true;
            foreach (var part in content.EitherItems("parts"))
            {
                if (part.Either("functionCall") is not { ValueKind: JsonValueKind.Object } call)
                    continue;
                var signature = part.EitherText("thoughtSignature");
                var name = call.Text("name") ?? "";
                if (first && signature is null)
                    return $"Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. Function call `{name}`.";
                if (first && signature != Thought.Sign(name))
                    return "Thought signature is not valid.";
                first = false;
            }
        }
        return null;
    }
}
