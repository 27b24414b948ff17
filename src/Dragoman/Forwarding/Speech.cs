using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Conversations;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Guardrails;

namespace Dragoman.Forwarding;

/// <summary>In which dialect a deployment is spoken to in one exchange: the client's own where it knows it, else its main one.</summary>
/// <param name="Dialect">The dialect that is spoken upstream.</param>
/// <param name="Spoken">How the provider speaks it.</param>
/// <param name="Translates">The request is read and written anew, rather than relayed.</param>
internal readonly record struct Speech(IDialect Dialect, SpokenDialect Spoken, bool Translates)
{
    /// <param name="exchange">The exchange.</param>
    /// <param name="deployment">Whom it asks.</param>
    /// <param name="oneWriter">One writer must write all that the client sees, whoever answers.</param>
    /// <param name="guarded">Guardrails may change what goes there, or what comes back.</param>
    public static Speech For(
        Exchange exchange,
        Deployment deployment,
        bool oneWriter,
        bool guarded = false
    )
    {
        var (client, provider, model) = (exchange.Dialect, deployment.Provider, deployment.Model);
        if (
            provider.Speaks(client.Name, model) is { } same
            && !(same.FunctionsOnly && exchange.Get<OwnTools>() is not null)
        )
        {
            var translates = exchange.Operation switch
            {
                Operation.Chat => guarded || MustTranslate(exchange, deployment, oneWriter),
                Operation.Embeddings => !client.RelaysEmbeddings
                    || exchange.Get<EmbeddingRequest>() is not null,
                // What is guarded is counted here, rather than sent as it came.
                _ => exchange.Get<ExchangeGuardrails>() is { SeeInput: true },
            };
            // Read and written in one dialect nothing is lost.
            return translates
                ? new Speech(DialectSlice.Find(same.Dialect) ?? client, same, Translates: true)
                : new Speech(client, same, Translates: false);
        }
        var main = provider.MainDialect(model);
        return new Speech(DialectSlice.Find(main.Dialect) ?? client, main, Translates: true);
    }

    private static bool MustTranslate(Exchange exchange, Deployment deployment, bool oneWriter)
    {
        var isStream = exchange.Envelope.Stream;
        return isStream && (oneWriter || !exchange.Dialect.RelaysStreams)
            // Their places differ from dialect to dialect; a splice knows those of OpenAI's.
            || (deployment.Parameters is not null && !exchange.Dialect.HasStatelessStream)
            || (
                exchange.Get<ChatRequest>() is not null
                && exchange.Get<KeptAnswer>()?.IsAt(deployment) is not true
            )
            // Signatures of other dialects, which this one's providers must not see.
            || CarriedSignature.IsIn(exchange.Body.Span)
            || !exchange.Dialect.CanRelay(exchange.Body, deployment)
            || RequestShaper.MustRewrite(exchange, deployment);
    }
}
