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

    /// <summary>No dialect's name: all signatures are wrapped here, those of other chat clients too, so that each door takes off its own wrapping alone.</summary>
    private const string Bare = "";

    public static string? Show(JsonText? signature, string? of, bool isRedacted) =>
        signature is { IsEmpty: false } said && of is not null
            ? CarriedSignature.Show(said, isRedacted ? of + Withheld : of, Bare).ToString()
            : null;

    /// <summary>Reasoning that a client gives back; what was not protected here, another chat client may know.</summary>
    public static ReasoningPart Read(TextReasoningContent reasoning)
    {
        var text = JsonText.Of(reasoning.Text);
        if (reasoning.ProtectedData is not { Length: > 0 } data)
            return new ReasoningPart(text);
        var (signature, of) = CarriedSignature.Read(JsonText.Of(data), Bare);
        var isRedacted = of.EndsWith(Withheld, StringComparison.Ordinal);
        return new ReasoningPart(text)
        {
            Signature = signature,
            SignatureOf =
                of == Bare ? ChatClientReply.SignatureOf
                : isRedacted ? of[..^Withheld.Length]
                : of,
            IsRedacted = isRedacted,
        };
    }
}
