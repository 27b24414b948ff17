using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>How a request is to be thought over: <c>thinking</c> and <c>output_config.effort</c> in what the target takes, and the output limit with them.</summary>
internal sealed class AnthropicThinking
{
    /// <summary>The least budget that Anthropic takes (platform.claude.com, extended thinking, seen 2026-11).</summary>
    private const long LeastBudget = 1024;

    /// <summary>What an answer may be long where nobody says: most models can more, but a longer limit must be streamed.</summary>
    private const long UsualLimit = 32_000;
    private const long CautiousLimit = 4096;

    private readonly ClaudeModel? _claude;
    private readonly Deployment _target;
    private readonly Losses _losses;
    private Mode _mode;
    private long _budget;
    private string? _effort;
    private bool? _isShown;

    private enum Mode
    {
        Unsaid,
        Disabled,
        Enabled,
        Adaptive,
    }

    public AnthropicThinking(
        ChatRequest request,
        AnthropicTurns turns,
        Deployment target,
        ClaudeModel? claude,
        Losses losses
    )
    {
        (_target, _claude, _losses) = (target, claude, losses);
        _effort = request.ReasoningEffort?.ToString();
        _isShown = request.ReasoningShown;
        Choose(request);
        MaxTokens = Limit(request);
        if (_mode is Mode.Enabled)
            FitBudget(isDerived: request.ReasoningBudget is null);
        // Models that think by budget want their own thinking in front of the calls whose results they get.
        if (_mode is Mode.Enabled && EndsInForeignCalls(turns))
        {
            losses.Add("thinking (the calls before were made without)");
            _mode = Mode.Unsaid;
        }
        if (_mode is Mode.Enabled && turns.Turns is [.., { IsAssistant: true }])
        {
            losses.Add("thinking (the last message is to be carried on)");
            _mode = Mode.Unsaid;
        }
    }

    /// <summary>The most tokens to generate: this dialect must be told.</summary>
    public long MaxTokens { get; private set; }

    /// <summary>The model thinks before it answers: then it takes fewer other parameters.</summary>
    public bool IsOn => _mode is Mode.Enabled or Mode.Adaptive || _claude is { AlwaysThinks: true };

    /// <summary>The effort is said in <c>output_config</c>.</summary>
    public string? Effort { get; private set; }

    public void Write(Utf8JsonWriter json, ChatRequest request)
    {
        var hasOwn = AnthropicJson.Has(request.Raw, "thinking");
        if (_mode is Mode.Unsaid && !hasOwn)
            return;
        json.WriteStartObject("thinking"u8);
        if (_mode is not Mode.Unsaid)
            json.WriteString(
                "type"u8,
                _mode switch
                {
                    Mode.Enabled => "enabled"u8,
                    Mode.Adaptive => "adaptive"u8,
                    _ => "disabled"u8,
                }
            );
        if (_mode is Mode.Enabled)
            json.WriteNumber("budget_tokens"u8, _budget);
        if (_isShown is { } shown && _mode is Mode.Enabled or Mode.Adaptive)
            json.WriteString("display"u8, shown ? "summarized"u8 : "omitted"u8);
        AnthropicJson.WriteRaw(json, request.Raw, "thinking");
        json.WriteEndObject();
    }

    private void Choose(ChatRequest request)
    {
        // Said in this dialect: effort without thinking is just that.
        var isEffortAlone = AnthropicJson.Has(request.Raw, null, "thinking"u8);
        if (request.Reasoning is false || request.ReasoningBudget == 0 || _effort == "none")
            SwitchOff(request);
        else if (request.ReasoningBudget is > 0 and { } budget)
            ThinkWithin(budget);
        else if (request.Reasoning is true || request.ReasoningBudget < 0)
            ThinkAtWill(isSaid: request.ReasoningBudget < 0);
        else if (_effort is not null && !isEffortAlone)
            ThinkWithEffort();
        ChooseEffort(request);
    }

    private void SwitchOff(ChatRequest request)
    {
        _effort = _effort == "none" ? null : _effort;
        if (_claude is { AlwaysThinks: true })
            _losses.Add("thinking (the model cannot but think)");
        else if (_claude is { ThinksUnasked: true })
            _mode = Mode.Disabled;
        // It is off unless it is asked for, and Opus 4.7 is said to refuse the word (github.com/NousResearch/hermes-agent issue 11137).
        else if (request.Reasoning is false && _claude is not { TakesSampling: false })
            _mode = Mode.Disabled;
    }

    private void ThinkWithin(long budget)
    {
        if (_claude is { ThinksByBudget: false, ThinksAdaptively: true })
        {
            _mode = Mode.Adaptive;
            if (_effort is null)
            {
                _effort = ReasoningScale.EffortOf(budget);
                _losses.Translated("thinking", $"adaptive, effort {_effort}");
            }
        }
        else if (CanThink)
            (_mode, _budget) = (Mode.Enabled, budget);
    }

    private void ThinkAtWill(bool isSaid)
    {
        if (_claude is { ThinksAdaptively: true } || (_claude is null && isSaid))
            _mode = Mode.Adaptive;
        else if (CanThink)
            (_mode, _budget) = (
                Mode.Enabled,
                ReasoningScale.BudgetOf(_effort ?? ReasoningScale.Usual) ?? LeastBudget
            );
    }

    private void ThinkWithEffort()
    {
        if (_claude is { ThinksAdaptively: true })
        {
            _mode = Mode.Adaptive;
            // Newer models keep their thoughts to themselves unless asked.
            _isShown ??= true;
        }
        else if (_claude is not null && CanThink)
            (_mode, _budget) = (
                Mode.Enabled,
                ReasoningScale.BudgetOf(_effort!)
                    ?? ReasoningScale.BudgetOf(ReasoningScale.Usual)!.Value
            );
    }

    private bool CanThink
    {
        get
        {
            if (
                _claude is not { ThinksByBudget: false }
                && _target.Capabilities.Reasoning is not false
            )
                return true;
            _losses.Add("thinking (the model does not think)");
            return false;
        }
    }

    private void ChooseEffort(ChatRequest request)
    {
        if (_effort is not { } wanted)
            return;
        if (_claude is { TakesEffort: false })
        {
            // Said by the budget.
            if (_mode is not Mode.Enabled)
                _losses.Add("reasoning_effort");
            else if (request.ReasoningBudget is null)
                _losses.Translated("reasoning_effort", "a budget for thinking");
            return;
        }
        Effort =
            _target.ReasoningEfforts is { Count: > 0 } taken ? ReasoningScale.Nearest(wanted, taken)
            : _claude is not null && wanted == "minimal" ? "low"
            : wanted;
        // Thinking can be switched off at efforts up to high alone.
        if (
            _mode is Mode.Disabled
            && _claude is { ThinksUnasked: true }
            && Effort is ("xhigh" or "max")
        )
            Effort = "high";
        if (Effort is not null && Effort != wanted)
            _losses.Clamped("reasoning_effort", wanted, Effort);
    }

    private long Limit(ChatRequest request)
    {
        if (request.OutputLimit is { } asked)
        {
            if (_target.MaxOutput is not { } most || asked <= most)
                return asked;
            _losses.Clamped("max_tokens", Shown(asked), Shown(most));
            return most;
        }
        var limit = _target.MaxOutput is { } known ? Math.Min(known, UsualLimit) : CautiousLimit;
        if (_mode is Mode.Enabled && _target.MaxOutput is null)
            limit += _budget;
        _losses.Defaulted("max_tokens", Shown(limit));
        return limit;
    }

    /// <summary>The budget is part of the output limit, and must leave something of it.</summary>
    /// <param name="isDerived">The client said an effort, not this budget: then half of the limit is kept for the answer.</param>
    private void FitBudget(bool isDerived)
    {
        if (MaxTokens <= LeastBudget)
        {
            _losses.Add("thinking (max_tokens leaves no room for it)");
            _mode = Mode.Unsaid;
            return;
        }
        var most = isDerived ? Math.Max(LeastBudget, MaxTokens / 2) : MaxTokens - 1;
        var fitted = Math.Max(LeastBudget, Math.Min(_budget, most));
        if (fitted != _budget && !isDerived)
            _losses.Clamped("thinking.budget_tokens", Shown(_budget), Shown(fitted));
        _budget = fitted;
    }

    private static bool EndsInForeignCalls(AnthropicTurns turns)
    {
        if (turns.Turns is not [.., { IsAssistant: true } calls, { IsAssistant: false } results])
            return false;
        return results.Parts.Exists(static entry => entry.Part is ToolResultPart)
            && calls.Parts
                is not [(ReasoningPart { SignatureOf: AnthropicDialect.DialectName }, _), ..];
    }

    private static string Shown(long number) => number.ToString(CultureInfo.InvariantCulture);
}
