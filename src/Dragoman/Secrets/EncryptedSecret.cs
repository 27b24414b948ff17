namespace Dragoman.Secrets;

/// <summary>A secret as it is kept.</summary>
public sealed record EncryptedSecret
{
    /// <summary>What configuration calls it, in <c>${secret:…}</c>; bound into the encryption.</summary>
    public required string Id { get; init; }

    /// <summary>Nonce, ciphertext and tag.</summary>
    public required ReadOnlyMemory<byte> Sealed { get; init; }

    /// <summary>Its last four characters; null where it is so short that they would tell too much.</summary>
    public string? LastFour { get; init; }

    /// <summary>Fingerprint of the master key that it was encrypted under.</summary>
    public required string MasterKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
