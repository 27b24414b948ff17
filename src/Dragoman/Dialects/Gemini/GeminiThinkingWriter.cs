using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes <c>thinkingConfig</c>: a budget for models of 2.5, a level for later ones, never both unless the client said both.</summary>
internal static class GeminiThinkingWriter
{
    private const string Member = "thinkingConfig";

    public static bool IsNeeded(ChatRequest request) =>
        request.ReasoningEffort is not null
        || request.ReasoningBudget is not null
        || (request.Reasoning ?? request.ReasoningShown) is not null
        || GeminiJson.Has(request.Raw, Member)
        || GeminiJson.IsMarked(request.Raw, "thinkingConfig"u8);

    public static void Write(
        Utf8JsonWriter json,
        ChatRequest request,
        in GeminiModel model,
        Losses losses
    )
    {
        if (!IsNeeded(request))
            return;
        if (model.Thinking is GeminiThinking.None && !GeminiJson.Has(request.Raw, Member))
        {
            NameLosses(request, losses);
            return;
        }
        json.WriteStartObject("thinkingConfig"u8);
        if (request.ReasoningBudget is { } budget)
            WriteBudget(json, budget, model, losses);
        else if (request.ReasoningEffort is null && request.Reasoning is false)
            WriteOff(json, model, losses);
        if (request.ReasoningEffort is { } effort)
            WriteEffort(json, effort, request, model, losses);
        // Who switches reasoning on as such (Anthropic's, Ollama's clients) is shown it.
        DialectJson.Write(
            json,
            "includeThoughts"u8,
            request.ReasoningShown ?? (request.Reasoning is true ? true : null)
        );
        GeminiJson.WriteRaw(json, request.Raw, Member);
        json.WriteEndObject();
    }

    private static void WriteBudget(
        Utf8JsonWriter json,
        long asked,
        in GeminiModel model,
        Losses losses
    )
    {
        // -1 leaves it to the model.
        var budget = asked < 0 ? asked : Math.Clamp(asked, model.LeastBudget, model.MostBudget);
        if (budget != asked)
            losses.Clamped("reasoning_budget", Text(asked), Text(budget));
        json.WriteNumber("thinkingBudget"u8, budget);
    }

    private static void WriteOff(Utf8JsonWriter json, in GeminiModel model, Losses losses)
    {
        if (model.Thinking is GeminiThinking.Budget || !model.IsThird)
        {
            WriteBudget(json, 0, model, losses);
            return;
        }
        losses.Clamped("reasoning", "off", model.LeastLevel);
        json.WriteString("thinkingLevel"u8, model.LeastLevel);
    }

    private static void WriteEffort(
        Utf8JsonWriter json,
        JsonText effort,
        ChatRequest request,
        in GeminiModel model,
        Losses losses
    )
    {
        if (GeminiJson.IsMarked(request.Raw, "upperLevel"u8))
        {
            json.WriteString("thinkingLevel"u8, effort.ToString().ToUpperInvariant());
            return;
        }
        if (model.Thinking is GeminiThinking.Budget && request.ReasoningBudget is null)
        {
            if (ReasoningScale.BudgetOf(effort.ToString()) is { } budget)
                WriteBudget(json, budget, model, losses);
            else
                losses.Add("reasoning_effort");
            return;
        }
        var word = effort.ToString();
        var level = word switch
        {
            "none" => model.LeastLevel,
            "minimal" => model.LeastLevel,
            "xhigh" or "max" => "high",
            _ => word,
        };
        if (level != word)
            losses.Clamped("reasoning_effort", word, level);
        json.WriteString("thinkingLevel"u8, level);
    }

    private static void NameLosses(ChatRequest request, Losses losses)
    {
        if (request.ReasoningEffort is not null)
            losses.Add("reasoning_effort");
        if (request.ReasoningBudget is > 0 or -1)
            losses.Add("reasoning_budget");
        if (request.Reasoning is true)
            losses.Add("reasoning");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
