using Dragoman.Catalog;

namespace Dragoman.TestKit;

/// <summary>Deployments to write requests for, where none is called.</summary>
public static class Targets
{
    /// <summary>A model that can do everything, at a provider of that dialect.</summary>
    /// <param name="dialect">The dialect it speaks.</param>
    /// <param name="model">Its name upstream.</param>
    /// <param name="type">The provider's kind; null is one without quirks.</param>
    /// <param name="can">What the model can; null is unknown.</param>
    /// <param name="maxOutput">The longest answer; null is unknown.</param>
    public static Deployment Of(
        string dialect,
        string model = "m",
        ProviderType? type = null,
        ModelCapabilities? can = null,
        long? maxOutput = null
    ) =>
        new()
        {
            Name = "p/" + model,
            Model = model,
            Provider = new Provider
            {
                Name = "p",
                Type = type ?? new ProviderType { Name = "p", Dialect = dialect },
                Dialect = dialect,
                BaseUrl = new Uri("http://127.0.0.1:1"),
                Keys = KeyPool.None(),
            },
            Capabilities = can ?? ModelCapabilities.Unknown,
            MaxOutput = maxOutput,
            State = new DeploymentState("p/" + model),
        };
}
