using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>How hard a model is to reason, from whichever way the client said it.</summary>
internal static class ResponsesEffort
{
    /// <summary>The word for <c>reasoning.effort</c>; null where nothing was said or the model does not reason.</summary>
    public static JsonText? For(ChatRequest request, Deployment target, Losses losses)
    {
        if (Said(request) is not { } word)
            return null;
        if (target.Capabilities.Reasoning is false)
        {
            losses.Add("reasoning_effort");
            return null;
        }
        if (request.ReasoningEffort is null)
            losses.Translated("reasoning.effort", word.ToString());
        return word;
    }

    private static JsonText? Said(ChatRequest request) =>
        request.ReasoningEffort
        ?? request.ReasoningBudget switch
        {
            null or -1 => request.Reasoning switch
            {
                true => JsonText.Of("medium"),
                // Not every model can be kept from reasoning, but all can be kept short.
                false => JsonText.Of("minimal"),
                null => null,
            },
            <= 0 => JsonText.Of("minimal"),
            <= 4096 => JsonText.Of("low"),
            <= 12288 => JsonText.Of("medium"),
            _ => JsonText.Of("high"),
        };
}
