namespace Dragoman.Simulator.Replies;

/// <summary>What a piece of a reply does.</summary>
internal enum PieceKind
{
    Bytes,
    Hang,
    Comments,
    Reset,
}

/// <summary>One write of a reply's body, or what happens in its place.</summary>
internal readonly record struct Piece(PieceKind Kind, ReadOnlyMemory<byte> Bytes, TimeSpan Wait)
{
    /// <summary>Silence until the client goes away.</summary>
    public static Piece Hang { get; } = new(PieceKind.Hang, default, default);

    /// <summary>The connection reset.</summary>
    public static Piece Reset { get; } = new(PieceKind.Reset, default, default);

    /// <summary>Comments for ever, one each <paramref name="interval"/>.</summary>
    public static Piece Comments(TimeSpan interval) =>
        new(PieceKind.Comments, ": simulated ping\n\n"u8.ToArray(), interval);

    public static Piece Of(ReadOnlyMemory<byte> bytes, TimeSpan wait = default) =>
        new(PieceKind.Bytes, bytes, wait);
}
