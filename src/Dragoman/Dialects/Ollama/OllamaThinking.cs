using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.Ollama;

/// <summary>
/// Writes <c>think</c>: on or off, and how much for the models that take it. A server refuses "on" for a model that cannot think,
/// and words for one that only can or cannot (docs.ollama.com/capabilities/thinking, seen 2026-11: gpt-oss alone takes words).
/// </summary>
internal static class OllamaThinking
{
    public static void Write(
        Utf8JsonWriter json,
        ChatRequest request,
        Deployment target,
        Losses losses
    )
    {
        var effort = request.ReasoningEffort;
        if (effort is { } none && none.Is("none"u8))
        {
            Switch(json, false);
            return;
        }
        if (effort is null && request.Reasoning is null && request.ReasoningBudget is null)
            return;
        var isOn = effort is not null || (request.Reasoning ?? request.ReasoningBudget != 0);
        if (!isOn)
        {
            Switch(json, false);
            return;
        }
        if (target.Capabilities.Reasoning is false)
        {
            losses.Add(
                effort is not null ? "reasoning_effort"
                : request.Reasoning is not null ? "thinking"
                : "reasoning_budget"
            );
            return;
        }
        if (effort is not { } word || IsOwn(request))
        {
            if (effort is { } own)
                DialectJson.Write(json, "think"u8, own);
            else
                Switch(json, true);
            return;
        }
        if (TakesWords(target))
        {
            var taken = Nearest(word.ToString());
            json.WriteString("think"u8, taken);
            if (!word.Equals(JsonText.Of(taken)))
                losses.Translated("reasoning_effort", taken);
            return;
        }
        losses.Translated("reasoning_effort", "think");
        Switch(json, true);
    }

    private static void Switch(Utf8JsonWriter json, bool isOn) =>
        json.WriteBoolean("think"u8, isOn);

    /// <summary>An Ollama client named the word: it knows its model.</summary>
    private static bool IsOwn(ChatRequest request) =>
        request.ReasoningShown is true
        && request.ReasoningBudget is null
        && request.Reasoning is null;

    private static bool TakesWords(Deployment target) =>
        target.ReasoningEfforts is { Count: > 0 }
        || target.Model.Contains("gpt-oss", StringComparison.OrdinalIgnoreCase);

    private static string Nearest(string effort) =>
        effort switch
        {
            "minimal" or "low" => "low",
            "high" or "xhigh" or "max" => "high",
            _ => "medium",
        };
}
