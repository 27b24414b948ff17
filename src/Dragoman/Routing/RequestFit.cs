using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Routing;

/// <summary>Whether a deployment can serve what a request turns out to hold, as far as anybody knows.</summary>
internal static class RequestFit
{
    // Deliberately careful: a prompt must look a good deal too long before a model is passed over for it.
    public const double BytesPerTokenAtMost = 6;

    /// <summary>Why it cannot; null where it can, or where nobody knows.</summary>
    public static string? WhyNot(RequestEnvelope request, Deployment deployment) =>
        deployment.ContextWindow is { } context
        && request.PromptBytes / BytesPerTokenAtMost > context
            ? $"the prompt does not fit its context of {context} tokens"
            : WhyNot(request.Needs, deployment.Capabilities);

    public static string? WhyNot(RequestNeeds needs, ModelCapabilities can) =>
        needs.HasFlag(RequestNeeds.Tools) && can.Tools == false ? "it cannot use tools"
        : needs.HasFlag(RequestNeeds.Vision) && can.Vision == false ? "it cannot see images"
        : needs.HasFlag(RequestNeeds.Audio) && can.Audio == false ? "it cannot hear audio"
        : needs.HasFlag(RequestNeeds.StructuredOutput) && can.StructuredOutput == false
            ? "it cannot answer by a JSON schema"
        : null;

    /// <summary>How many of the needs it is not known to meet.</summary>
    public static int Missing(RequestNeeds needs, ModelCapabilities can)
    {
        var missing = 0;
        Count(RequestNeeds.Tools, can.Tools);
        Count(RequestNeeds.Vision, can.Vision);
        Count(RequestNeeds.Audio, can.Audio);
        Count(RequestNeeds.Files, can.Pdf);
        Count(RequestNeeds.StructuredOutput, can.StructuredOutput);
        return missing;

        void Count(RequestNeeds need, bool? has)
        {
            if (needs.HasFlag(need) && has is not true)
                missing++;
        }
    }
}
