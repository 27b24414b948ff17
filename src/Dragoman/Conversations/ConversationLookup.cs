namespace Dragoman.Conversations;

/// <summary>Follows an answer back to the beginning of its conversation.</summary>
public static class ConversationLookup
{
    /// <summary>Turns of one conversation; a longer one has outgrown every context.</summary>
    private const int MostTurns = 1000;

    /// <summary>What a conversation may weigh in all: it is put into one request.</summary>
    private const long MostBytes = 64L * 1024 * 1024;

    /// <summary>The turns up to the answer <paramref name="id"/>, the first one first.</summary>
    /// <returns>What was found, and the id that was not, where one was missing.</returns>
    public static async ValueTask<(
        IReadOnlyList<StoredResponse> Turns,
        string? Missing
    )> TurnsAsync(
        this IResponseStore store,
        string? caller,
        string id,
        CancellationToken cancellationToken
    )
    {
        var turns = new List<StoredResponse>();
        var wanted = id;
        var bytes = 0L;
        while (wanted is not null)
        {
            var turn =
                turns.Count < MostTurns && bytes < MostBytes
                    ? await store.FindAsync(caller, wanted, cancellationToken)
                    : null;
            if (turn is null)
                break;
            turns.Add(turn);
            bytes += turn.Bytes;
            wanted = turn.PreviousId;
        }
        turns.Reverse();
        return (turns, wanted);
    }
}
