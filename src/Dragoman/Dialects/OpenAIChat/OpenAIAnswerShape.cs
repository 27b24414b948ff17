using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>The shape of the answer as the target can be asked for it.</summary>
internal static class OpenAIAnswerShape
{
    public static ChatRequest Fit(ChatRequest request, OpenAITarget target)
    {
        if (request.ResponseFormat is not { Kind: ResponseFormatKind.JsonSchema } format)
            return request;
        if (target.Habits.Schemas is SchemaSupport.ObjectOnly)
            return InPrompt(request, format, target.Losses);
        return request with
        {
            ResponseFormat = format with { Name = format.Name ?? JsonText.Of("answer") },
        };
    }

    /// <summary>The schema is told in words, and the answer held to JSON; it is validated when it comes.</summary>
    private static ChatRequest InPrompt(ChatRequest request, ResponseFormat format, Losses losses)
    {
        losses.Translated("response_format", "json_object, its schema in the prompt");
        var told = Message.OfText(
            MessageRole.System,
            $"Answer with one JSON value that follows this JSON schema, and nothing else:\n{format.Schema}"
        );
        var place = 0;
        while (
            place < request.Messages.Count
            && request.Messages[place].Role is (MessageRole.System or MessageRole.Developer)
        )
            place++;
        return request with
        {
            ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonObject),
            Messages = [.. request.Messages.Take(place), told, .. request.Messages.Skip(place)],
        };
    }
}
