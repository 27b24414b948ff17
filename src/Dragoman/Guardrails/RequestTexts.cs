using System.Globalization;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Guardrails.Text;

namespace Dragoman.Guardrails;

/// <summary>Every text of a request in which something could be sent: each goes through the rules, and what is masked is written anew.</summary>
/// <param name="texts">The rules.</param>
/// <param name="cues">Looks for instructions in what users and tools say; null for none. True stops the request.</param>
internal sealed class RequestTexts(GuardedTexts texts, Func<string, bool>? cues)
{
    /// <summary>Something stopped the request.</summary>
    public bool IsBlocked => texts.BlockedBy is not null || IsStoppedByCues;

    public bool IsStoppedByCues { get; private set; }

    /// <summary>Where what stopped it stands, e.g. <c>messages[2]</c>.</summary>
    public string Place { get; private set; } = "";

    /// <summary>The request as it may be sent: the very same where nothing was masked.</summary>
    public ChatRequest Guard(ChatRequest request)
    {
        var messages = Each(request.Messages, Guard);
        var tools = IsBlocked ? request.Tools : Each(request.Tools, Guard);
        if (IsBlocked)
            return request;
        Place = "the request's other fields";
        var guarded = request with
        {
            Messages = messages,
            Tools = tools,
            ResponseFormat = request.ResponseFormat is { } format ? Guard(format) : null,
            Prediction = texts.Json(request.Prediction),
            User = texts.Prose(request.User),
            Metadata = texts.Json(request.Metadata),
            Raw = texts.Fields(request.Raw),
        };
        return IsBlocked || guarded == request ? request : guarded;
    }

    /// <summary>The request as it may be sent: the very same where nothing was masked. Token ids are not looked at.</summary>
    public EmbeddingRequest Guard(EmbeddingRequest request)
    {
        var inputs = Each(
            request.Inputs,
            (input, i) =>
            {
                Place = Numbered("input", i);
                return input.Text is { } text ? input with { Text = texts.Prose(text) } : input;
            }
        );
        return IsBlocked || ReferenceEquals(inputs, request.Inputs)
            ? request
            : request with
            {
                Inputs = inputs,
            };
    }

    private Message Guard(Message message, int place)
    {
        Place = Numbered("messages", place);
        var parts = Each(message.Parts, (part, _) => Guard(part, message.Role));
        var raw = texts.Fields(message.Raw);
        if (ReferenceEquals(parts, message.Parts) && ReferenceEquals(raw, message.Raw))
            return message;
        // Another list: one that is the same would say that the message stands as it came.
        return message with
        {
            Parts = ReferenceEquals(parts, message.Parts) ? [.. parts] : parts,
            Raw = raw,
        };
    }

    private Part Guard(Part part, MessageRole role)
    {
        var guarded = part switch
        {
            TextPart text => text with { Text = Said(text.Text, role) },
            RefusalPart refusal => refusal with { Text = texts.Prose(refusal.Text) },
            ReasoningPart reasoning => Guard(reasoning),
            ToolCallPart call => Guard(call),
            ToolResultPart result => Guard(result),
            FilePart file => file with
            {
                FileName = texts.Prose(file.FileName),
                Source = Guard(file.Source),
            },
            ImagePart image => image with { Source = Guard(image.Source) },
            RawPart raw => raw with { Json = texts.Json(raw.Json) },
            _ => part,
        };
        var fields = texts.Fields(part.Raw);
        if (!ReferenceEquals(fields, part.Raw))
            guarded = guarded with { Raw = fields };
        return ReferenceEquals(guarded, part) || (guarded is not ToolCallPart && guarded == part)
            ? part
            : guarded;
    }

    private JsonText Said(JsonText text, MessageRole role)
    {
        if (
            cues is not null
            && !IsBlocked
            && role is MessageRole.User or MessageRole.Tool or MessageRole.Function
        )
            IsStoppedByCues = cues(text.ToString());
        return texts.Prose(text);
    }

    /// <summary>A signature vouches for what was written; what was changed goes without.</summary>
    private ReasoningPart Guard(ReasoningPart reasoning)
    {
        var text = texts.Prose(reasoning.Text);
        return text.Escaped.Equals(reasoning.Text.Escaped)
            ? reasoning
            : reasoning with
            {
                Text = text,
                Signature = null,
                SignatureOf = null,
            };
    }

    private ToolCallPart Guard(ToolCallPart call) =>
        texts.Arguments(call.Arguments) is { } masked ? call with { Arguments = masked } : call;

    private ToolResultPart Guard(ToolResultPart result)
    {
        var content = Each(result.Content, (part, _) => Guard(part, MessageRole.Tool));
        return ReferenceEquals(content, result.Content)
            ? result
            : result with
            {
                Content = content,
            };
    }

    /// <summary>An address, and a document that is text though it comes as base64.</summary>
    private MediaSource Guard(MediaSource source)
    {
        var url =
            source.Url is { } address && !address.Escaped.Span.StartsWith("data:"u8)
                ? texts.Prose(address)
                : source.Url;
        var data =
            source.Data is { } base64
            && source.MediaType is { } type
            && (type.Escaped.Span.StartsWith("text/"u8) || type.Is("application/json"u8))
                ? Document(base64)
                : source.Data;
        return url.Equals(source.Url) && data.Equals(source.Data)
            ? source
            : source with
            {
                Url = url,
                Data = data,
            };
    }

    private JsonText Document(JsonText base64)
    {
        var bytes = new byte[base64.Escaped.Length];
        if (!Convert.TryFromBase64String(base64.ToString(), bytes, out var length))
            return base64;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var guarded = texts.Prose(text);
        return ReferenceEquals(guarded, text)
            ? base64
            : JsonText.Of(Convert.ToBase64String(Encoding.UTF8.GetBytes(guarded)));
    }

    private ToolDefinition Guard(ToolDefinition tool, int place)
    {
        Place = Numbered("tools", place);
        var fields = texts.Fields(tool.Raw);
        var guarded = tool switch
        {
            FunctionTool function => function with
            {
                Description = texts.Prose(function.Description),
                Parameters = texts.Json(function.Parameters),
                Raw = fields,
            },
            RawTool raw => raw with { Json = texts.Json(raw.Json), Raw = fields },
            _ => tool,
        };
        return guarded == tool ? tool : guarded;
    }

    private ResponseFormat Guard(ResponseFormat format)
    {
        var guarded = format with
        {
            Description = texts.Prose(format.Description),
            Schema = texts.Json(format.Schema),
            Json = texts.Json(format.Json),
            Raw = texts.Fields(format.Raw),
        };
        return guarded == format ? format : guarded;
    }

    /// <summary>The same list where none of its items was changed; stops where one of them stops the request.</summary>
    private IReadOnlyList<T> Each<T>(IReadOnlyList<T> items, Func<T, int, T> guard)
    {
        T[]? changed = null;
        for (var i = 0; i < items.Count && !IsBlocked; i++)
        {
            var guarded = guard(items[i], i);
            if (!EqualityComparer<T>.Default.Equals(guarded, items[i]))
                (changed ??= [.. items])[i] = guarded;
        }
        return changed ?? items;
    }

    private static string Numbered(string what, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}[{place}]");
}
