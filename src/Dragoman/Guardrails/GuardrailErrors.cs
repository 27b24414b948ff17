using Dragoman.Canonical;

namespace Dragoman.Guardrails;

/// <summary>What a client is told of a guardrail that ended its exchange: which one, for what, and where; never what was found.</summary>
internal static class GuardrailErrors
{
    public static GatewayError OfInput(string guardrail, string kind, string place) =>
        new(
            GatewayErrorKind.ContentFilter,
            $"The guardrail '{guardrail}' does not let this request by: {kind} in {place}."
        )
        {
            Param = place,
        };

    public static GatewayError OfLimit(string guardrail, string kind, long found, int most) =>
        new(
            GatewayErrorKind.ContentFilter,
            FormattableString.Invariant(
                $"The guardrail '{guardrail}' does not let this request by: it has {found} {kind}, and {most} are allowed."
            )
        );

    public static GatewayError OfOutput(string guardrail, string kind) =>
        new(
            GatewayErrorKind.ContentFilter,
            $"The guardrail '{guardrail}' does not let the answer by: {kind}."
        );
}
