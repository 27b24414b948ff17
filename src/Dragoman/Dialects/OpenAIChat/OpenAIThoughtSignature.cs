using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// The signature over a tool call, where Google's endpoint for this dialect puts it: <c>extra_content.google.thought_signature</c>
/// on the call (ai.google.dev, thought signatures, seen 2026-11). Canonically it is reasoning without text before the call.
/// </summary>
internal static class OpenAIThoughtSignature
{
    public const string Member = "extra_content";
    private const string Google = "gemini";

    /// <summary>The reasoning that vouches for a call; null where the value holds none.</summary>
    public static ReasoningPart? Read(ReadOnlySpan<byte> extraContent)
    {
        var shown = Find(extraContent);
        if (shown.IsEmpty)
            return null;
        var (signature, of) = CarriedSignature.Read(JsonText.FromEscaped(shown.ToArray()), Google);
        return new ReasoningPart(default(JsonText)) { Signature = signature, SignatureOf = of };
    }

    /// <summary>The escaped signature as it stands there; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> extraContent)
    {
        var members = new JsonWalk(extraContent);
        while (members.Next())
        {
            if (!members.IsObject || !members.Is("google"u8))
                continue;
            var inner = new JsonWalk(members.Value);
            while (inner.Next())
            {
                if (inner.IsText && inner.Is("thought_signature"u8))
                    return inner.Text;
            }
        }
        return default;
    }

    /// <summary>Whether a part is a signature that is shown on the call behind it.</summary>
    public static bool Vouches(Part part, Part? next) =>
        part is ReasoningPart { IsRedacted: false, Signature: not null } reasoning
        && reasoning.Text.IsEmpty
        && next is ToolCallPart;

    /// <summary>The signature as a client of this dialect is shown it.</summary>
    public static JsonText Show(JsonText signature, string? of) =>
        CarriedSignature.Show(signature, of, Google);

    public static void Write(Utf8JsonWriter json, ReasoningPart vouching)
    {
        json.WriteStartObject("extra_content"u8);
        json.WriteStartObject("google"u8);
        DialectJson.Write(
            json,
            "thought_signature"u8,
            Show(vouching.Signature!.Value, vouching.SignatureOf)
        );
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
