using System.Buffers;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// OpenRouter's <c>reasoning_details</c> (openrouter.ai/docs, reasoning tokens, seen 2026-11): the place in this dialect for what a
/// provider vouches for its reasoning with. Items of ours hold another dialect's signature, wrapped; of a provider's own items
/// the whole item is the signature, without its text, so that it comes back to that provider as it was.
/// </summary>
internal static class OpenAIReasoningDetails
{
    public const string Member = "reasoning_details";

    /// <summary>Reads the parts of a list; a list that is none has none.</summary>
    /// <param name="list">The member's value.</param>
    /// <param name="hasText">The text stands beside them too; else a provider's own text stays in what is opaque.</param>
    /// <param name="isOurs">The list was written here, for a client of this dialect.</param>
    public static List<ReasoningPart> Read(ReadOnlySpan<byte> list, bool hasText, out bool isOurs)
    {
        var parts = new List<ReasoningPart>();
        isOurs = false;
        var items = new JsonWalk(list);
        while (items.Next())
        {
            var item = new Item(items.Value);
            if (item.ToPart(hasText) is not { } part)
                continue;
            isOurs |= part.SignatureOf is not (null or OpenAIChatDialect.DialectName);
            parts.Add(part);
        }
        // Those that stand unsigned beside ours are ours too, and stand in no field that is carried.
        return isOurs ? parts.ConvertAll(static part => part with { WireName = null }) : parts;
    }

    /// <summary>Tells what the items of a streamed delta vouch for; their text comes beside them.</summary>
    public static void Tell(ReadOnlySpan<byte> list, int choice, bool hasText, IChatEventSink sink)
    {
        foreach (var part in Read(list, hasText, out _))
        {
            if (part.Signature is not { } signature)
                continue;
            sink.Take(
                part.IsRedacted
                    ? ChatEvent.OfRedacted(choice, signature.Escaped.Span, part.SignatureOf!)
                    : ChatEvent.OfSignature(choice, signature.Escaped.Span, part.SignatureOf!)
            );
        }
    }

    /// <summary>Writes a part as an item for a client: a signature of another dialect is wrapped.</summary>
    public static void WriteForClient(Utf8JsonWriter json, ReasoningPart part, int index)
    {
        var signature = part.Signature is { } own
            ? CarriedSignature.Show(own, part.SignatureOf, OpenAIChatDialect.DialectName)
            : (JsonText?)null;
        if (part.SignatureOf == OpenAIChatDialect.DialectName && part.Signature is { } item)
        {
            WriteOwn(json, part.Text, item);
            return;
        }
        json.WriteStartObject();
        json.WriteString("type"u8, part.IsRedacted ? "reasoning.encrypted"u8 : "reasoning.text"u8);
        if (part.IsRedacted)
            DialectJson.Write(json, "data"u8, signature ?? default(JsonText));
        else
        {
            DialectJson.Write(json, "text"u8, part.Text);
            DialectJson.Write(json, "signature"u8, signature);
        }
        json.WriteString("format"u8, Format(part.SignatureOf));
        json.WriteNumber("index"u8, index);
        json.WriteEndObject();
    }

    /// <summary>Writes parts for a provider that takes this member: its own items as they were, others as bare text. False where there is nothing to say.</summary>
    public static bool WriteForProvider(Utf8JsonWriter json, IReadOnlyList<ReasoningPart> parts)
    {
        var written = 0;
        foreach (var part in parts)
        {
            var isOwn = part.SignatureOf == OpenAIChatDialect.DialectName;
            if (!isOwn && part.Text.IsEmpty)
                continue;
            if (written == 0)
                json.WriteStartArray("reasoning_details"u8);
            if (isOwn && part.Signature is { } item)
                WriteOwn(json, part.Text, item);
            else
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "reasoning.text"u8);
                DialectJson.Write(json, "text"u8, part.Text);
                json.WriteNumber("index"u8, written);
                json.WriteEndObject();
            }
            written++;
        }
        if (written > 0)
            json.WriteEndArray();
        return written > 0;
    }

    /// <summary>What <c>format</c> says of a signature: whose it is.</summary>
    public static ReadOnlySpan<byte> Format(string? dialect) =>
        dialect switch
        {
            "anthropic" => "anthropic-claude-v1"u8,
            "gemini" => "google-gemini-v1"u8,
            "openai-responses" => "openai-responses-v1"u8,
            _ => "unknown"u8,
        };

    /// <summary>A provider's own item with its text back in it.</summary>
    private static void WriteOwn(Utf8JsonWriter json, JsonText text, JsonText item)
    {
        var members = new JsonWalk(Encoding.UTF8.GetBytes(item.ToString()));
        json.WriteStartObject();
        while (members.Next())
        {
            json.WritePropertyName(Encoding.UTF8.GetBytes(JsonUnescape.ToText(members.Name)));
            json.WriteRawValue(members.Value, skipInputValidation: true);
        }
        if (!text.IsEmpty)
            DialectJson.Write(json, "text"u8, text);
        json.WriteEndObject();
    }

    /// <summary>One item of the list.</summary>
    private readonly ref struct Item
    {
        private readonly ReadOnlySpan<byte> _json;
        private readonly ReadOnlySpan<byte> _text;
        private readonly ReadOnlySpan<byte> _signature;
        private readonly ReadOnlySpan<byte> _data;

        public Item(ReadOnlySpan<byte> json)
        {
            _json = json;
            var members = new JsonWalk(json);
            while (members.Next())
            {
                if (!members.IsText)
                    continue;
                if (members.Is("text"u8) || members.Is("summary"u8))
                    _text = members.Text;
                else if (members.Is("signature"u8))
                    _signature = members.Text;
                else if (members.Is("data"u8))
                    _data = members.Text;
            }
        }

        public ReasoningPart? ToPart(bool hasText)
        {
            var shown = _data.IsEmpty ? _signature : _data;
            if (shown.IsEmpty)
                return _text.IsEmpty || !hasText
                    ? null
                    : new ReasoningPart(Copy(_text)) { WireName = Member };
            var (signature, of) = CarriedSignature.Read(Copy(shown), OpenAIChatDialect.DialectName);
            return of == OpenAIChatDialect.DialectName
                ? new ReasoningPart(hasText ? Copy(_text) : default)
                {
                    Signature = hasText ? WithoutText() : Whole(),
                    SignatureOf = of,
                    IsRedacted = !_data.IsEmpty,
                    WireName = Member,
                }
                : new ReasoningPart(Copy(_text))
                {
                    Signature = signature,
                    SignatureOf = of,
                    IsRedacted = !_data.IsEmpty,
                };
        }

        private JsonText Whole() => JsonText.Of(Encoding.UTF8.GetString(_json));

        private JsonText WithoutText()
        {
            var output = new ArrayBufferWriter<byte>(_json.Length);
            using (var json = DialectJson.NewWriter(output))
            {
                json.WriteStartObject();
                var members = new JsonWalk(_json);
                while (members.Next())
                {
                    if (members.Is("text"u8))
                        continue;
                    json.WritePropertyName(
                        Encoding.UTF8.GetBytes(JsonUnescape.ToText(members.Name))
                    );
                    json.WriteRawValue(members.Value, skipInputValidation: true);
                }
                json.WriteEndObject();
            }
            return JsonText.Of(Encoding.UTF8.GetString(output.WrittenSpan));
        }

        private static JsonText Copy(ReadOnlySpan<byte> escaped) =>
            JsonText.FromEscaped(escaped.ToArray());
    }
}
