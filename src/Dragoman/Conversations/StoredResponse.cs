namespace Dragoman.Conversations;

/// <summary>An answer in OpenAI's responses that may be carried on from by its id, or looked at again.</summary>
public sealed record StoredResponse
{
    /// <summary>The answer's id, as the client was told it.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is: nobody else finds it. Null while the server is open.</summary>
    public required string? Caller { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The answer that this one carried on from; null where it began a conversation.</summary>
    public string? PreviousId { get; init; }

    /// <summary>The provider that keeps it too, under the same id; null where only we do.</summary>
    public string? KeptBy { get; init; }

    /// <summary><c>provider/model</c> that answered; null where that was not known yet.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>What was asked in this turn: a JSON list of items.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The response object as the client got it.</summary>
    public required ReadOnlyMemory<byte> Response { get; init; }

    /// <summary>About how much memory it takes.</summary>
    public int Bytes => Input.Length + Response.Length + 256;
}
