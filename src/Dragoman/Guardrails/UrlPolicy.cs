using System.Net;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Providers;

namespace Dragoman.Guardrails;

/// <summary>Which addresses of images, sounds and files a request may hold: none that lead into the house, unless <c>allow_private_urls</c> lets them.</summary>
/// <param name="allowsAll">No address is looked at.</param>
/// <param name="hosts">Hosts that may be named, whatever they are.</param>
internal sealed class UrlPolicy(bool allowsAll, IReadOnlyList<NamePattern> hosts)
{
    public static readonly UrlPolicy Strict = new(allowsAll: false, []);

    public bool AllowsAll => allowsAll;

    /// <summary>What is wrong with an address in the request; null where nothing is. <paramref name="names"/>: hosts that only a look-up tells more of.</summary>
    public GatewayError? Check(ChatRequest request, out IReadOnlyList<string> names)
    {
        var found = new List<string>();
        names = found;
        for (var i = 0; i < request.Messages.Count; i++)
            if (WhyNot(request.Messages[i].Parts, found) is { } reason)
                return new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    FormattableString.Invariant(
                        $"messages[{i}] holds an address that is not fetched: {reason}. The operator can allow it with 'allow_private_urls'."
                    )
                )
                {
                    Code = "private_url",
                    Param = FormattableString.Invariant($"messages[{i}]"),
                };
        return null;
    }

    private string? WhyNot(IReadOnlyList<Part> parts, List<string> names)
    {
        foreach (var part in parts)
        {
            var reason = part switch
            {
                ImagePart image => WhyNot(image.Source, names),
                AudioPart audio => WhyNot(audio.Source, names),
                FilePart file => WhyNot(file.Source, names),
                ToolResultPart result => WhyNot(result.Content, names),
                _ => null,
            };
            if (reason is not null)
                return reason;
        }
        return null;
    }

    private string? WhyNot(MediaSource source, List<string> names)
    {
        // What stands in place is long, and leads nowhere.
        if (source.Url is not { } url || url.Escaped.Span.StartsWith("data:"u8))
            return null;
        var text = url.ToString();
        if (
            hosts.Count > 0
            && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && hosts.Any(pattern => pattern.Matches(address.IdnHost))
        )
            return null;
        var reason = PrivateUrl.WhyNot(text, out var name);
        if (name is not null)
            names.Add(name);
        return reason;
    }
}

/// <summary>The hosts whose addresses are in a request: a server in the house that would fetch from them is asked only once they were looked up.</summary>
internal sealed class FetchedHosts(IReadOnlyList<string> names)
{
    private bool _isKnown;
    private string? _reason;

    /// <summary>Why a server in the house may not fetch from one of them; null where it may. Looked up once.</summary>
    public async ValueTask<string?> WhyNotAsync(
        Func<string, CancellationToken, Task<IPAddress[]>> lookUp,
        CancellationToken cancellationToken
    )
    {
        for (var i = 0; !_isKnown && i < names.Count; i++)
            _reason ??= await PrivateUrl.WhyNotNameAsync(names[i], lookUp, cancellationToken);
        _isKnown = true;
        return _reason;
    }
}
