namespace Dragoman.Simulator.Replies;

/// <summary>What a piece of a reply does.</summary>
internal enum PieceKind
{
    Bytes,
    Hang,
    KeepAlive,
    Reset,
}

/// <summary>One write of a reply's body, or what happens in its place.</summary>
internal readonly record struct Piece(PieceKind Kind, ReadOnlyMemory<byte> Bytes, TimeSpan Wait)
{
    /// <summary>Silence until the client goes away.</summary>
    public static Piece Hang { get; } = new(PieceKind.Hang, default, default);

    /// <summary>The connection reset.</summary>
    public static Piece Reset { get; } = new(PieceKind.Reset, default, default);

    /// <summary>The same bytes for ever, once each <paramref name="interval"/>.</summary>
    public static Piece KeepAlive(ReadOnlyMemory<byte> bytes, TimeSpan interval) =>
        new(PieceKind.KeepAlive, bytes, interval);

    public static Piece Of(ReadOnlyMemory<byte> bytes, TimeSpan wait = default) =>
        new(PieceKind.Bytes, bytes, wait);
}
