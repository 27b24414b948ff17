using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Conversations;

/// <summary>Keeps the answer of one exchange, with what was asked.</summary>
internal sealed class ResponseKeeper(
    IResponseStore store,
    Exchange exchange,
    string? previousId,
    TimeProvider time
) : IReplyObserver
{
    public void Take(ReadOnlySpan<byte> reply)
    {
        var id = ResponseItems.IdOf(reply);
        if (id.Length == 0)
            return;
        store.Put(
            new StoredResponse
            {
                Id = id,
                Caller = exchange.Caller,
                CreatedAt = time.GetUtcNow(),
                PreviousId = previousId,
                KeptBy = KeeperOf(id),
                AnsweredBy = exchange.Log.Asking,
                // The body's memory is used again once the exchange is over.
                Input = ResponseItems.InputOf(exchange.Body.Span),
                Response = reply.ToArray(),
            }
        );
    }

    /// <summary>The provider that was asked, where it keeps answers of this dialect and gave this one its id.</summary>
    private string? KeeperOf(string id)
    {
        if (id == ResponseItems.OwnId(exchange.Id.ToString(null, null)))
            return null;
        foreach (var deployment in exchange.Get<RoutingDecision>()?.Chain ?? [])
        {
            if (deployment.PublicName == exchange.Log.Asking)
                return KeptAnswer.IsKeptAt(deployment) ? deployment.Provider.Name : null;
        }
        return null;
    }
}
