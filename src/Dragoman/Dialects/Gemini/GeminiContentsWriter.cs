using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Writes <c>systemInstruction</c> and <c>contents</c> of a request: leading system messages become the one, the rest turns that
/// alternate between user and model, begin with the user's, and have the results of calls right behind them.
/// </summary>
/// <param name="json">Stands in the request.</param>
/// <param name="request">The request.</param>
/// <param name="model">Whom it goes to.</param>
/// <param name="losses">Takes what cannot be said.</param>
internal sealed class GeminiContentsWriter(
    Utf8JsonWriter json,
    ChatRequest request,
    GeminiModel model,
    Losses losses
)
{
    private readonly Dictionary<string, JsonText> _callNames = new(StringComparer.Ordinal);

    /// <summary>The next call is the first of a step of the turn that is being answered: only that one bears a signature.</summary>
    private bool _mustSign;

    public void Write()
    {
        var first = 0;
        while (first < request.Messages.Count && IsSystem(request.Messages[first]))
            first++;
        WriteSystem(first);
        json.WriteStartArray("contents"u8);
        // Google's servers want the user to begin, and somebody to say something.
        if (
            first == request.Messages.Count
            || request.Messages[first].Role is MessageRole.Assistant
        )
        {
            losses.Translated("messages", "begun with an empty user message");
            WriteFiller();
        }
        var currentTurn = CurrentTurn();
        for (var i = first; i < request.Messages.Count; )
        {
            var end = i + 1;
            while (end < request.Messages.Count && IsModel(end) == IsModel(i))
                end++;
            WriteContent(i, end, isCurrent: i > currentTurn);
            i = end;
        }
        json.WriteEndArray();
    }

    private static bool IsSystem(Message message) =>
        message.Role is MessageRole.System or MessageRole.Developer;

    private bool IsModel(int index) => request.Messages[index].Role is MessageRole.Assistant;

    /// <summary>Where the turn began that is being answered: the last message a user wrote, rather than a tool.</summary>
    private int CurrentTurn()
    {
        for (var i = request.Messages.Count - 1; i >= 0; i--)
        {
            var message = request.Messages[i];
            if (
                message.Role is MessageRole.User
                && message.Parts.Any(static part => part is not ToolResultPart)
            )
                return i;
        }
        return -1;
    }

    private void WriteSystem(int count)
    {
        var words =
            request.ResponseFormat is { } format && GeminiFormatWriter.IsSaidInWords(request, model)
                ? GeminiFormatWriter.InWords(format)
                : (JsonText?)null;
        if (words is not null)
            losses.Translated("response_format", "instruction");
        if (count == 0 && words is null)
            return;
        json.WriteStartObject("systemInstruction"u8);
        json.WriteStartArray("parts"u8);
        var parts = new GeminiPartWriter(json, Guessed);
        for (var i = 0; i < count; i++)
            WriteParts(parts, request.Messages[i], i);
        if (words is { } text)
            parts.WriteText(text);
        parts.Flush();
        json.WriteEndArray();
        for (var i = 0; i < count; i++)
            GeminiJson.WriteRaw(json, request.Messages[i].Raw);
        json.WriteEndObject();
    }

    private void WriteFiller()
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        json.WriteStartArray("parts"u8);
        json.WriteStartObject();
        json.WriteString("text"u8, " "u8);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the messages from <paramref name="start"/> to before <paramref name="end"/> as one content, unless there is nothing in them.</summary>
    private void WriteContent(int start, int end, bool isCurrent)
    {
        if (!HasAny(start, end))
        {
            for (var i = start; i < end; i++)
                WriteParts(null, request.Messages[i], i);
            return;
        }
        var first = request.Messages[start];
        json.WriteStartObject();
        if (!GeminiJson.IsMarked(first.Raw, "noRole"u8))
            json.WriteString(
                "role"u8,
                IsModel(start) ? "model"u8
                    : GeminiJson.IsMarked(first.Raw, "function"u8) ? "function"u8
                    : "user"u8
            );
        json.WriteStartArray("parts"u8);
        var parts = new GeminiPartWriter(json, Guessed);
        // Results come first: they must stand right behind the calls.
        for (var i = start; i < end; i++)
        {
            foreach (var result in request.Messages[i].Parts.OfType<ToolResultPart>())
                WriteResult(parts, result, Where(i));
        }
        _mustSign = isCurrent;
        for (var i = start; i < end; i++)
            WriteParts(parts, request.Messages[i], i);
        parts.Flush();
        if (parts.Count == 0)
            parts.WriteNothing();
        json.WriteEndArray();
        for (var i = start; i < end; i++)
            GeminiJson.WriteRaw(json, request.Messages[i].Raw);
        json.WriteEndObject();
    }

    private bool HasAny(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            foreach (var part in request.Messages[i].Parts)
            {
                if (
                    part switch
                    {
                        ReasoningPart reasoning => IsKept(reasoning),
                        RawPart raw => raw.Dialect == GeminiDialect.DialectName,
                        _ => true,
                    }
                )
                    return true;
            }
        }
        return false;
    }

    private void WriteParts(GeminiPartWriter? parts, Message message, int index)
    {
        var where = Where(index);
        GeminiJson.NameLosses(message.Raw, where, losses);
        if (message.Name is not null)
            losses.Add($"{where}.name");
        if (IsSystem(message) && index > 0 && !IsSystem(request.Messages[index - 1]))
            losses.Translated($"{where}.role", "user");
        foreach (var part in message.Parts)
        {
            GeminiJson.NameLosses(part.Raw, where, losses);
            if (part is ToolResultPart || parts is null)
            {
                if (part is RawPart raw && parts is null)
                    losses.Add($"{where} ({raw.Type})");
                else if (part is ReasoningPart)
                    losses.Add($"{where} (reasoning)");
                continue;
            }
            WritePart(parts, part, where);
        }
    }

    private void WritePart(GeminiPartWriter parts, Part part, string where)
    {
        switch (part)
        {
            case TextPart text:
                parts.WriteText(text);
                break;
            case RefusalPart refusal:
                parts.WriteText(refusal.Text);
                break;
            case ReasoningPart reasoning:
                WriteReasoning(parts, reasoning, where);
                break;
            case ToolCallPart call:
                WriteCall(parts, call, where);
                break;
            case RawPart raw when raw.Dialect == GeminiDialect.DialectName:
                parts.WriteRaw(raw);
                break;
            case RawPart raw:
                losses.Add($"{where} ({raw.Type})");
                break;
            default:
                if (Taken(part, where) is { } source)
                    parts.WriteMedia(part, source);
                break;
        }
    }

    private static bool IsOwn(ReasoningPart reasoning) =>
        reasoning.SignatureOf is null or GeminiDialect.DialectName;

    /// <summary>Text of another model's reasoning is taken without a signature; without text nothing is left of it.</summary>
    private static bool IsKept(ReasoningPart reasoning) =>
        !reasoning.Text.IsEmpty || (reasoning.Signature is not null && IsOwn(reasoning));

    /// <summary>Another gateway before the provider wrapped it: it is of a model that signs its thoughts.</summary>
    private static bool IsCarried(JsonText signature) =>
        CarriedSignature.Read(signature, GeminiDialect.DialectName).Of
            is not GeminiDialect.DialectName;

    private void WriteReasoning(GeminiPartWriter parts, ReasoningPart reasoning, string where)
    {
        if (!IsKept(reasoning))
        {
            losses.Add($"{where} (reasoning)");
            return;
        }
        var signature = IsOwn(reasoning) ? reasoning.Signature : null;
        if (reasoning.Signature is not null && signature is null)
            losses.Add($"{where} (reasoning)");
        // Gemini signs what its thoughts lead to; clients of other dialects may have put the signature on the thoughts.
        var isOnThought =
            signature is not { } own
            || GeminiJson.IsMarked(reasoning.Raw, "signedThought"u8)
            || IsCarried(own);
        if (isOnThought || !reasoning.Text.IsEmpty)
            parts.WriteThought(reasoning, isOnThought ? signature : null);
        else
            parts.Flush();
        if (!isOnThought)
            parts.Sign(signature!.Value);
    }

    private void WriteCall(GeminiPartWriter parts, ToolCallPart call, string where)
    {
        if (call.Id is { } id)
            _callNames[id.ToString()] = call.Name;
        if (_mustSign && model.WantsSignatures && !parts.HasSignature)
        {
            // For calls that another model made (ai.google.dev/gemini-api/docs/thought-signatures, FAQ, seen 2026-11).
            parts.Sign(JsonText.Of("skip_thought_signature_validator"));
            losses.Defaulted($"{where}.thought_signature", "skip_thought_signature_validator");
        }
        _mustSign = false;
        parts.WriteCall(call, GeminiReplyWriter.ArgumentsOf(call.Arguments));
    }

    private void WriteResult(GeminiPartWriter parts, ToolResultPart result, string where)
    {
        if (NameOf(result) is not { } name)
        {
            losses.Refuse(
                $"the call that {where} answers is not in the conversation, and Gemini wants its name"
            );
            return;
        }
        GeminiJson.NameLosses(result.Raw, where, losses);
        var media = new List<Part>();
        foreach (var part in result.Content)
        {
            GeminiJson.NameLosses(part.Raw, where, losses);
            if (part is TextPart)
                continue;
            if (
                part is RawPart raw
                    ? raw.Dialect == GeminiDialect.DialectName
                    : Taken(part, where) is not null
            )
                media.Add(part);
            else if (part is not (ImagePart or AudioPart or FilePart))
                losses.Add($"{where} ({(part as RawPart)?.Type ?? "part of a tool's result"})");
        }
        parts.WriteResult(result, name, model.TakesMediaInResults ? media : []);
        if (model.TakesMediaInResults)
            return;
        foreach (var part in media)
        {
            if (part is RawPart raw)
                parts.WriteRaw(raw);
            else
                parts.WriteMedia(part, GeminiMediaWriter.SourceOf(part)!);
        }
    }

    private JsonText? NameOf(ToolResultPart result) =>
        result.Name is { IsEmpty: false } said ? said
        : result.ToolCallId is { } id && _callNames.TryGetValue(id.ToString(), out var name) ? name
        : null;

    /// <summary>Where the bytes are, unless Google cannot get at them, which makes it unfit.</summary>
    private MediaSource? Taken(Part part, string where)
    {
        if (GeminiMediaWriter.SourceOf(part) is not { } source)
            return null;
        var what =
            part is ImagePart ? "image"
            : part is AudioPart ? "audio"
            : "file";
        if (part is ImagePart { Detail: not null })
            losses.Add($"{where}.detail");
        if (source.TryGetInline(out _, out _))
            return source;
        if (source.FileId is { } id)
        {
            var text = id.ToString();
            if (
                text.StartsWith("gs://", StringComparison.Ordinal)
                || text.StartsWith("files/", StringComparison.Ordinal)
                || text.StartsWith("https://", StringComparison.Ordinal)
            )
                return source;
            losses.Refuse($"the {what} of {where} is kept by another provider");
        }
        else if (source.Url is { } url && url.Escaped.Span.StartsWith("http"u8))
        {
            if (model.FetchesAddresses)
                return source;
            losses.Refuse(
                $"the {what} of {where} is given by its address, and this model fetches none"
            );
        }
        else
            losses.Refuse($"the {what} of {where} is given neither as data nor by an address");
        return null;
    }

    private void Guessed(Part part, JsonText mediaType) =>
        losses.Defaulted("media_type", mediaType.ToString());

    private static string Where(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"messages[{index}]");
}
