using System.Globalization;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>
/// Says a request of this dialect so that a model of any other can be asked it: tools that the client runs itself become functions,
/// tools that only OpenAI could run make the target unfit, and what the gateway itself sees to is left out without a word.
/// </summary>
internal static class ResponsesForOthers
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    public static ChatRequest Say(ChatRequest request, Losses losses)
    {
        var tools = new ResponsesForeignTools(request, losses);
        var messages = SayMessages(request.Messages, losses, tools);
        return request with
        {
            Messages = messages,
            Tools = tools.Tools,
            ToolChoice = tools.Choice,
            // Other dialects switch log probabilities on apart from saying how many.
            LogProbs = request.LogProbs ?? (request.TopLogProbs > 0 ? true : null),
            Raw = [.. request.Raw.Where(field => IsStillToSay(field, losses))],
        };
    }

    /// <summary>False for what the gateway sees to, or what says only what is so anyway.</summary>
    private static bool IsStillToSay(RawField field, Losses losses)
    {
        if (field.Dialect != Dialect || field.Value.Utf8.Span.SequenceEqual("null"u8))
            return true;
        if (field.Parent is "reasoning")
            return !field.Name.Is("summary"u8) && !field.Name.Is("generate_summary"u8);
        if (field.Parent is not null)
            return true;
        if (field.Name.Is("conversation"u8) || field.Name.Is("prompt"u8))
            losses.Refuse(
                $"'{field.Name}' names something that only its OpenAI account knows; only that account can serve it"
            );
        if (field.Name.Is("previous_response_id"u8))
            losses.Refuse(
                "'previous_response_id' names an answer that is not kept here; only the provider that gave it could carry on from it"
            );
        if (field.Name.Is("include"u8))
            return !OnlyWhatIsGivenAnyway(field.Value);
        var value = field.Value.Utf8.Span;
        return !(
            field.Name.Is("store"u8)
            || field.Name.Is("stream_options"u8)
            || field.Name.Is("instructions"u8)
            || (field.Name.Is("tools"u8) && value is [(byte)'[', ..])
            || (field.Name.Is("truncation"u8) && value.SequenceEqual("\"disabled\""u8))
            || (field.Name.Is("background"u8) && value.SequenceEqual("false"u8))
        );
    }

    /// <summary>Signed reasoning is always passed on, and log probabilities have a place of their own.</summary>
    private static bool OnlyWhatIsGivenAnyway(RawJson include)
    {
        var items = new JsonWalk(include.Utf8.Span);
        while (items.Next())
        {
            if (
                !items.IsText
                || !(
                    items.Text.SequenceEqual("reasoning.encrypted_content"u8)
                    || items.Text.SequenceEqual("message.output_text.logprobs"u8)
                )
            )
                return false;
        }
        return true;
    }

    private static List<Message> SayMessages(
        IReadOnlyList<Message> messages,
        Losses losses,
        ResponsesForeignTools tools
    )
    {
        var said = new List<Message>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            var where = string.Create(CultureInfo.InvariantCulture, $"messages[{i}]");
            tools.LearnFrom(message);
            if (!message.Parts.Any(IsForeign))
            {
                said.Add(message);
                continue;
            }
            foreach (var part in message.Parts.Where(IsForeign).Cast<RawPart>())
                Leave(part, where, losses);
            var rest = message.Parts.Where(part => !IsForeign(part)).ToList();
            if (rest.Count > 0)
                said.Add(message with { Parts = rest });
        }
        return said;
    }

    private static bool IsForeign(Part part) => part is RawPart raw && raw.Dialect == Dialect;

    private static void Leave(RawPart part, string where, Losses losses)
    {
        if (part.Type is "item_reference" or "compaction" or "compaction_summary")
            losses.Refuse(
                $"its input has an item of type {part.Type}, which only the OpenAI account it comes from can read"
            );
        losses.Add($"{where} ({part.Type})");
    }
}
