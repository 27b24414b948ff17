namespace Dragoman.Simulator.Replies;

/// <summary>A reply as planned before its first byte is sent.</summary>
internal sealed record Reply
{
    public int Status { get; init; } = 200;

    /// <summary>Null where the connection is to be dropped before any header.</summary>
    public string? ContentType { get; init; } = "application/json";

    /// <summary>Told to the client; null sends the body in HTTP chunks.</summary>
    public long? ContentLength { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
    public required IReadOnlyList<Piece> Pieces { get; init; }

    /// <summary>A body in one piece, its length told.</summary>
    public static Reply Whole(int status, ReadOnlyMemory<byte> body, TimeSpan wait = default) =>
        new()
        {
            Status = status,
            ContentLength = body.Length,
            Pieces = [Piece.Of(body, wait)],
        };

    /// <summary>A stream of server-sent events.</summary>
    public static Reply Events(IReadOnlyList<Piece> pieces, string contentType) =>
        new()
        {
            ContentType = contentType,
            Headers = [("Cache-Control", "no-cache")],
            Pieces = pieces,
        };
}
