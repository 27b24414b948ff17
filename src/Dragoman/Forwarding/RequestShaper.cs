using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>Gives a request what a rule and an agent want of it.</summary>
internal static class RequestShaper
{
    /// <summary>The request cannot go to this deployment as it came.</summary>
    public static bool MustRewrite(Exchange exchange, Deployment deployment)
    {
        if (exchange.Get<RoutingDecision>()?.Shaping is not { } shaping)
            return false;
        if (shaping.RewritesAll)
            return true;
        if (!shaping.MayShorten)
            return false;
        var budget = ContextFit.Budget(exchange.Envelope, deployment, shaping.Context!);
        return budget is { } most
            && ContextFit.IsTooLong(exchange.Envelope, RequestReading.Of(exchange).Chat, most);
    }

    /// <summary>The request as it is to be sent.</summary>
    public static ChatRequest Shape(ChatRequest request, RequestShaping shaping, Losses losses)
    {
        if (shaping.Overrides is { } overrides)
            request = Override(request, overrides, shaping.OverriddenBy ?? "configuration", losses);
        if (shaping.SystemPrompt is { Length: > 0 } words)
            request = request with
            {
                Messages = [Message.OfText(MessageRole.System, words), .. request.Messages],
            };
        return request;
    }

    private static ChatRequest Override(
        ChatRequest request,
        DeploymentParameters wanted,
        string by,
        Losses losses
    )
    {
        if (wanted.SystemPrompt is { Length: > 0 } words)
        {
            losses.Overridden("system_prompt", by);
            request = request with
            {
                Messages =
                [
                    Message.OfText(MessageRole.System, words),
                    .. request.Messages.Where(static message =>
                        message.Role is not (MessageRole.System or MessageRole.Developer)
                    ),
                ],
            };
        }
        if (wanted.MaxTokens is { } most)
        {
            losses.Overridden("max_tokens", most.ToString(CultureInfo.InvariantCulture));
            request = request.MaxCompletionTokens is null
                ? request with
                {
                    MaxTokens = most,
                }
                : request with
                {
                    MaxCompletionTokens = most,
                    MaxTokens = null,
                };
        }
        return request with
        {
            Temperature = Take("temperature", request.Temperature, wanted.Temperature),
            TopP = Take("top_p", request.TopP, wanted.TopP),
            PresencePenalty = Take(
                "presence_penalty",
                request.PresencePenalty,
                wanted.PresencePenalty
            ),
            FrequencyPenalty = Take(
                "frequency_penalty",
                request.FrequencyPenalty,
                wanted.FrequencyPenalty
            ),
        };

        double? Take(string name, double? said, double? own)
        {
            if (own is { } value)
                losses.Overridden(name, value.ToString(CultureInfo.InvariantCulture));
            return own ?? said;
        }
    }
}
