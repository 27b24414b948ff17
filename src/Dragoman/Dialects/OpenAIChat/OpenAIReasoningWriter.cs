using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes what a request says of reasoning, in the way its target is asked.</summary>
internal static class OpenAIReasoningWriter
{
    // Qwen's own example; it refuses thinking without a budget (github.com/QwenLM/Qwen-Agent issue 941, 2026-08).
    private const long UsualBudget = 4096;

    public static void Write(Utf8JsonWriter json, ChatRequest request, OpenAITarget target)
    {
        var wish = new Wish(request);
        if (!wish.IsSaid)
            return;
        if (target.Deployment.Capabilities.Reasoning is false)
        {
            // What does not reason need not be told to stop.
            if (wish.IsOn)
                target.Losses.Add("reasoning");
            return;
        }
        switch (target.Habits.Reasoning)
        {
            case ReasoningWish.Effort:
                WriteEffort(json, wish, target);
                break;
            case ReasoningWish.Thinking:
                json.WriteStartObject("thinking"u8);
                json.WriteString("type"u8, wish.IsOn ? "enabled"u8 : "disabled"u8);
                json.WriteEndObject();
                if (wish.IsOn && wish.HasAmount)
                    WriteEffort(json, wish, target);
                break;
            case ReasoningWish.Enable:
                WriteEnable(json, request, wish, target);
                break;
            case ReasoningWish.Object:
                WriteObject(json, request, wish);
                break;
            default:
                if (wish.IsOn)
                    target.Losses.Add("reasoning");
                break;
        }
    }

    private static void WriteEffort(Utf8JsonWriter json, in Wish wish, OpenAITarget target)
    {
        var taken = target.Deployment.ReasoningEfforts ?? [];
        // An effort that this dialect's client said goes as it is where nobody knows better.
        var effort = taken.Count == 0 ? wish.Effort : ReasoningScale.Nearest(wish.Effort, taken);
        if (effort is null || target.NameOf("reasoning_effort") is null)
        {
            target.Losses.Add("reasoning");
            return;
        }
        // Without a word for "none" known, to say nothing is the least.
        if (effort == "none" && taken.Count == 0 && !wish.IsWord)
            return;
        json.WriteString("reasoning_effort"u8, effort);
        if (wish.IsWord && effort != wish.Effort)
            target.Losses.Clamped("reasoning_effort", wish.Effort, effort);
        else if (!wish.IsWord)
            target.Losses.Translated("reasoning", effort);
    }

    private static void WriteEnable(
        Utf8JsonWriter json,
        ChatRequest request,
        in Wish wish,
        OpenAITarget target
    )
    {
        // Thinking is refused where the answer is not streamed.
        var isOn = wish.IsOn && request.Stream is true;
        if (wish.IsOn && !isOn)
            target.Losses.Add("reasoning");
        json.WriteBoolean("enable_thinking"u8, isOn);
        if (!isOn)
            return;
        json.WriteNumber(
            "thinking_budget"u8,
            wish.Budget is { } budget and > 0 ? budget : UsualBudget
        );
        if (wish.IsWord)
            target.Losses.Translated("reasoning_effort", "thinking_budget");
    }

    private static void WriteObject(Utf8JsonWriter json, ChatRequest request, in Wish wish)
    {
        json.WriteStartObject("reasoning"u8);
        if (!wish.IsOn)
            json.WriteBoolean("enabled"u8, false);
        else if (wish.IsWord)
            json.WriteString("effort"u8, wish.Effort);
        else if (request.ReasoningBudget is { } budget and > 0)
            json.WriteNumber("max_tokens"u8, budget);
        else
            json.WriteBoolean("enabled"u8, true);
        if (request.ReasoningShown is false)
            json.WriteBoolean("exclude"u8, true);
        json.WriteEndObject();
    }

    /// <summary>What the client said, by whichever word.</summary>
    private readonly struct Wish
    {
        public Wish(ChatRequest request)
        {
            IsWord = request.ReasoningEffort is not null;
            IsSaid = IsWord || request.ReasoningBudget is not null || request.Reasoning is not null;
            HasAmount = IsWord || request.ReasoningBudget > 0;
            Effort =
                request.ReasoningEffort?.ToString()
                ?? (
                    request.Reasoning is false ? "none"
                    : request.ReasoningBudget is { } budget ? ReasoningScale.EffortOf(budget)
                    : ReasoningScale.Usual
                );
            Budget = request.ReasoningBudget ?? ReasoningScale.BudgetOf(Effort);
        }

        public bool IsSaid { get; }

        /// <summary>A word for the effort was said.</summary>
        public bool IsWord { get; }

        /// <summary>How much was said, not only whether.</summary>
        public bool HasAmount { get; }
        public string Effort { get; }
        public long? Budget { get; }
        public bool IsOn => Effort != "none";
    }
}
