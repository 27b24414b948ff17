using System.Security.Cryptography;

namespace Dragoman.Usage.Bodies;

/// <summary>Encrypts what is kept: AES-256-GCM, a random nonce for each, and the request's id bound in, so that none can take another's place.</summary>
/// <param name="key">32 bytes.</param>
public sealed class BodySeal(byte[] key)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public byte[] Close(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bound)
    {
        var box = new byte[NonceLength + text.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(
            box.AsSpan(0, NonceLength),
            text,
            box.AsSpan(NonceLength, text.Length),
            box.AsSpan(NonceLength + text.Length),
            bound
        );
        return box;
    }

    /// <summary>Null where it was closed under another key, or is not what was closed.</summary>
    public byte[]? Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound)
    {
        var length = box.Length - NonceLength - TagLength;
        if (length < 0)
            return null;
        var text = new byte[length];
        using var cipher = new AesGcm(key, TagLength);
        try
        {
            cipher.Decrypt(
                box[..NonceLength],
                box.Slice(NonceLength, length),
                box[(NonceLength + length)..],
                text,
                bound
            );
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
