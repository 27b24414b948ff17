using Dragoman.Catalog;

namespace Dragoman.Health;

/// <summary>What a person can do about trouble with a provider, in one sentence.</summary>
internal static class Remedy
{
    public static string For(Provider provider, TroubleKind kind) =>
        kind switch
        {
            TroubleKind.Authentication => $"Check the key of {provider.Name}: {Keys(provider)}.",
            TroubleKind.Payment =>
                $"Look at the balance and the limits of the account behind {provider.Name}'s key.",
            TroubleKind.Permission =>
                $"Allow {provider.Name}'s key to do this, or take another: {Keys(provider)}.",
            TroubleKind.RateLimited =>
                $"Wait, raise the account's limits at {provider.Name}, or add a second key to its api_keys.",
            TroubleKind.NotFound =>
                $"Check base_url of {provider.Name}: {provider.BaseUrl} has no such address.",
            TroubleKind.Unreachable when provider.Local =>
                $"Start the server of {provider.Name} at {provider.BaseUrl}, or correct its address: {Address(provider)}.",
            TroubleKind.Unreachable =>
                $"Check this machine's network and proxy, and the address {provider.BaseUrl}: {Address(provider)}.",
            TroubleKind.Timeout =>
                $"Try again; if it stays so, check the network to {provider.BaseUrl}, and that server's load.",
            _ =>
                $"Nothing is wrong here, as far as one can see: look at the status page of {provider.Name}, or at its server's log.",
        };

    private static string Keys(Provider provider) =>
        provider.Type.KeyVariables is { Count: > 0 } variables
            ? $"{string.Join(" or ", variables)} in the environment, or api_keys in the configuration"
            : "api_keys in the configuration";

    private static string Address(Provider provider) =>
        provider.Type.BaseUrlVariables is { Count: > 0 } variables
            ? $"{variables[0]}, or base_url in the configuration"
            : "base_url in the configuration";
}
