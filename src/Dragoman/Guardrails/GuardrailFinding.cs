namespace Dragoman.Guardrails;

/// <summary>What a guardrail found in an exchange, for its record; never the text that was found.</summary>
/// <param name="Guardrail">The guardrail's name.</param>
/// <param name="Kind">What it is: <c>email</c>, <c>card</c>, <c>api_key</c>, a pattern's name, <c>injection</c>, a limit.</param>
/// <param name="Action">What was done about it.</param>
/// <param name="Side"><c>input</c> or <c>output</c>.</param>
/// <param name="Count">How often it was found; where the exchange was ended, until then.</param>
public sealed record GuardrailFinding(
    string Guardrail,
    string Kind,
    GuardrailAction Action,
    string Side,
    int Count
);
