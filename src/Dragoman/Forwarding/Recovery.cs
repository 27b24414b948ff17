using System.Buffers;
using System.Text;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>
/// <c>recover: continue</c> — a stream that broke after its first content is carried on by the next deployment: by assistant
/// prefill where the model is known to accept it, else by starting again and splicing where the new answer repeats the old.
/// </summary>
internal sealed class Recovery
{
    private ArrayBufferWriter<byte> _sent = new();

    /// <summary>The text the client has; UTF-8.</summary>
    public ReadOnlyMemory<byte> Sent => _sent.WrittenMemory;

    /// <summary>Something was sent, and the next attempt must carry it on.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>For exchanges whose answer can be carried on at all: one choice, streamed, on a route that asks for it; null for others.</summary>
    public static Recovery? For(Exchange exchange, ForwardingSettings settings) =>
        settings.Recover == StreamRecovery.Continue
        && exchange.Envelope is { Stream: true, IsSingleChoice: true }
            ? new Recovery()
            : null;

    /// <summary>Can this failure be mended by another deployment?</summary>
    public static bool CanMend(OutcomeKind kind) =>
        kind
            is OutcomeKind.StreamCut
                or OutcomeKind.StreamError
                or OutcomeKind.IdleTimeout
                or OutcomeKind.Reset;

    /// <summary>Takes over what a broken attempt sent; false where it cannot be carried on (a tool call, half a character).</summary>
    public bool Take(StreamTap tap, PrefillStyle style)
    {
        if (!tap.TextOnly)
            return false;
        if (!IsUnderWay)
            _sent = tap.Transcript!;
        else if (style is not (PrefillStyle.None or PrefillStyle.Prefix))
            _sent.Write(tap.Transcript!.WrittenSpan);
        else if (tap.Transcript!.WrittenCount > _sent.WrittenCount)
            _sent = tap.Transcript;
        IsUnderWay = _sent.WrittenCount > 0;
        return IsUnderWay;
    }

    /// <summary>How this deployment is told to carry on; <see cref="PrefillStyle.None"/> where it must start again.</summary>
    public static PrefillStyle StyleOf(Deployment deployment)
    {
        var style = deployment.Provider.Type.Prefill;
        return deployment.Capabilities.AssistantPrefill switch
        {
            false => PrefillStyle.None,
            true when style == PrefillStyle.None => PrefillStyle.LastMessage,
            _ => style,
        };
    }

    public string SentText => Encoding.UTF8.GetString(_sent.WrittenSpan);
}
