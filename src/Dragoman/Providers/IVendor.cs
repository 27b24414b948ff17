namespace Dragoman.Providers;

/// <summary>How a vendor is reached: the address of a call, and the credential on it.</summary>
internal interface IVendor
{
    /// <summary>The credential on a request is a token that was fetched: one that is refused is fetched anew, once.</summary>
    bool FetchesTokens => false;

    /// <summary>A request's token was refused: it is not used again. True where another can be fetched.</summary>
    bool Renew(HttpRequestMessage refused, in UpstreamCall call) => false;

    /// <summary>Where the call goes. Asked for every call: what can be kept is kept.</summary>
    Uri AddressOf(in UpstreamCall call);

    /// <summary>Puts the credential on the request; completes at once unless a token must be fetched first.</summary>
    /// <param name="request">The request, otherwise ready.</param>
    /// <param name="call">The call it makes.</param>
    /// <param name="client">Fetches tokens, under the same rules as all that is sent.</param>
    /// <param name="cancellationToken">The attempt's.</param>
    /// <exception cref="HttpRequestException">A token could not be fetched.</exception>
    ValueTask AuthorizeAsync(
        HttpRequestMessage request,
        UpstreamCall call,
        HttpMessageInvoker client,
        CancellationToken cancellationToken
    );
}
