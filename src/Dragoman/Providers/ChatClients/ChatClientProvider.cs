using Dragoman.Catalog;
using Microsoft.Extensions.AI;

namespace Dragoman.Providers.ChatClients;

/// <summary>An <see cref="IChatClient"/> that is to be a provider of the gateway.</summary>
/// <param name="Name">The provider's name: what stands before the slash of <c>provider/model</c>.</param>
/// <param name="Client">The client. It stays the caller's: the gateway never disposes it.</param>
/// <param name="Models">Ids of the models it serves; they go to it as <see cref="ChatOptions.ModelId"/>.</param>
public sealed record ChatClientProvider(
    string Name,
    IChatClient Client,
    params IReadOnlyList<string> Models
)
{
    /// <summary>Nothing that is sent to it leaves the house.</summary>
    public bool Local { get; init; }

    internal Provider ToProvider() =>
        new()
        {
            Name = Name,
            Type = new ProviderType
            {
                Name = Name,
                Dialect = "openai",
                DefaultPath = "",
                KeyOptional = true,
                DeveloperRole = true,
                Chat = new ChatHabits { ReasoningReturn = ReasoningReturn.Wrapped },
                Source = "an IChatClient in this process",
            },
            Dialect = "openai",
            BaseUrl = new Uri("http://chat-client.invalid"),
            Local = Local,
            Keys = KeyPool.None(),
            InProcess = new HttpMessageInvoker(new ChatClientHandler(Client)),
        };
}
