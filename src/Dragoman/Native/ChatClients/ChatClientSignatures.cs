using Dragoman.Canonical;
using Dragoman.Providers.ChatClients;
using Microsoft.Extensions.AI;

namespace Dragoman.Native.ChatClients;

/// <summary>
/// Signatures over reasoning as <see cref="TextReasoningContent.ProtectedData"/>: wrapped, so that they say whose they are when a
/// client gives them back.
/// </summary>
internal static class ChatClientSignatures
{
    /// <summary>Stands behind the dialect's name where the text was withheld.</summary>
    private const string Withheld = "+redacted";

    public static string? Show(JsonText? signature, string? of, bool isRedacted)
    {
        if (signature is not { IsEmpty: false } said || of is null)
            return null;
        return of == ChatClientReply.SignatureOf
            ? said.ToString()
            : CarriedSignature
                .Show(said, isRedacted ? of + Withheld : of, ChatClientReply.SignatureOf)
                .ToString();
    }

    /// <summary>Reasoning that a client gives back.</summary>
    public static ReasoningPart Read(TextReasoningContent reasoning)
    {
        var text = JsonText.Of(reasoning.Text);
        if (reasoning.ProtectedData is not { Length: > 0 } data)
            return new ReasoningPart(text);
        var (signature, of) = CarriedSignature.Read(JsonText.Of(data), ChatClientReply.SignatureOf);
        var isRedacted = of.EndsWith(Withheld, StringComparison.Ordinal);
        return new ReasoningPart(text)
        {
            Signature = signature,
            SignatureOf = isRedacted ? of[..^Withheld.Length] : of,
            IsRedacted = isRedacted,
        };
    }
}
