namespace Dragoman.Guardrails;

/// <summary>What becomes of a text in which something was found; the stronger has the greater number.</summary>
public enum GuardrailAction
{
    /// <summary>It is noted in the record, and goes its way.</summary>
    Flag,

    /// <summary>What was found is replaced by its kind in brackets, e.g. <c>[email]</c>.</summary>
    Mask,

    /// <summary>The exchange ends with an error that names the guardrail and the kind.</summary>
    Block,
}

/// <summary>Which texts a guardrail looks at.</summary>
[Flags]
public enum GuardrailSide
{
    Input = 1,
    Output = 2,
    Both = Input | Output,
}
