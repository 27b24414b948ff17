using Dragoman.Access;
using Dragoman.Guardrails.Text;

namespace Dragoman.Guardrails;

/// <summary>What one entry of <c>guardrails</c> wants, checked and ready.</summary>
internal sealed record Guardrail(string Name)
{
    /// <summary>Whose calls, on which way.</summary>
    public Scope Scope { get; init; } = Scope.Everything;
    public GuardrailSide Side { get; init; } = GuardrailSide.Input;

    /// <summary>What is looked for in texts.</summary>
    public IReadOnlyList<TextRule> Rules { get; init; } = [];

    /// <summary>How large a request may be; null is as large as it likes.</summary>
    public InputLimits? Limits { get; init; }

    /// <summary>What becomes of a request with instructions where none belong; null does not look.</summary>
    public InjectionRule? Injection { get; init; }

    public bool SeesInput => Side.HasFlag(GuardrailSide.Input);

    public bool SeesOutput => Side.HasFlag(GuardrailSide.Output) && Rules.Count > 0;
}

/// <summary>From which score on cues count, and what is done then: <see cref="GuardrailAction.Mask"/> is none of it.</summary>
internal sealed record InjectionRule(int Threshold, GuardrailAction Action)
{
    /// <summary>Its findings' kind.</summary>
    public const string Kind = "injection";
}

/// <summary>All guardrails of a configuration.</summary>
internal sealed class GuardrailBook(IReadOnlyList<Guardrail> guardrails)
{
    public static readonly GuardrailBook Empty = new([]);

    public IReadOnlyList<Guardrail> All => guardrails;

    public bool IsEmpty => guardrails.Count == 0;
}
