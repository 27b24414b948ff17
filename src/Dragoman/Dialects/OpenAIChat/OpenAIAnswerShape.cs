using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects.Schemas;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>The shape of the answer as the target can be asked for it. What it does not enforce is checked when the answer comes.</summary>
internal static class OpenAIAnswerShape
{
    public static ChatRequest Fit(ChatRequest request, OpenAITarget target) =>
        request.ResponseFormat switch
        {
            { Kind: ResponseFormatKind.JsonSchema } format => target.Habits.Schemas switch
            {
                SchemaSupport.ObjectOnly => InPrompt(request, format, target.Losses),
                SchemaSupport.Strict when format.IsStrict is null => request with
                {
                    ResponseFormat = Strict(request, format, target.Losses),
                },
                _ => request with { ResponseFormat = Named(format) },
            },
            { Kind: ResponseFormatKind.JsonObject }
                when target.Habits.Schemas is not SchemaSupport.Any && !SaysJson(request) =>
                WithInstruction(
                    request,
                    "Answer with one JSON object and nothing else.",
                    target.Losses
                ),
            _ => request,
        };

    private static ResponseFormat Named(ResponseFormat format) =>
        format with
        {
            Name = format.Name ?? JsonText.Of("answer"),
        };

    /// <summary>Enforced where OpenAI's subset can say it, told as a hint where not: optional members are no reason to make the model invent them.</summary>
    private static ResponseFormat Strict(ChatRequest request, ResponseFormat format, Losses losses)
    {
        format = Named(format);
        if (SchemaAdapter.Adapt(format.Schema, SchemaSubset.OpenAIStrict) is not { } adapted)
        {
            Unenforced("response_format.strict");
            return format with { IsStrict = false };
        }
        foreach (var keyword in adapted.LeftOut)
            Unenforced("response_format.schema." + keyword);
        return format with { Schema = adapted.Json, IsStrict = true };

        // A whole answer is checked here; nobody checks a stream.
        void Unenforced(string what)
        {
            if (request.Stream is true)
                losses.Add(what);
            else
                losses.Translated(what, "checked when the answer comes");
        }
    }

    /// <summary>The schema is told in words, and the answer held to JSON.</summary>
    private static ChatRequest InPrompt(ChatRequest request, ResponseFormat format, Losses losses)
    {
        var told = WithInstruction(
            request,
            $"Answer with one JSON value that follows this JSON schema, and nothing else:\n{format.Schema}",
            losses
        );
        return told with { ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonObject) };
    }

    /// <summary>OpenAI and others refuse json_object unless the prompt says "JSON" somewhere.</summary>
    private static bool SaysJson(ChatRequest request)
    {
        foreach (var message in request.Messages)
        foreach (var part in message.Parts)
        {
            if (
                part is TextPart text
                && text.Text.ToString().Contains("json", StringComparison.OrdinalIgnoreCase)
            )
                return true;
        }
        return false;
    }

    /// <summary>The request with one more system message behind those it begins with.</summary>
    private static ChatRequest WithInstruction(ChatRequest request, string text, Losses losses)
    {
        losses.Translated("response_format", "json_object and an instruction");
        var place = 0;
        while (
            place < request.Messages.Count
            && request.Messages[place].Role is (MessageRole.System or MessageRole.Developer)
        )
            place++;
        return request with
        {
            Messages =
            [
                .. request.Messages.Take(place),
                Message.OfText(MessageRole.System, text),
                .. request.Messages.Skip(place),
            ],
        };
    }
}
