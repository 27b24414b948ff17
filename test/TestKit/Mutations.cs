namespace Dragoman.TestKit;

/// <summary>Bodies that are nearly right: bytes of a sound one changed, cut, doubled or put in. The same seed gives the same ones.</summary>
public static class Mutations
{
    private static readonly byte[][] Pieces =
    [
        [0xFF],
        [0xC3],
        "\\ud83d"u8.ToArray(),
        "\\"u8.ToArray(),
        "\""u8.ToArray(),
        "null"u8.ToArray(),
        "[[[["u8.ToArray(),
        "{}"u8.ToArray(),
        "-1e999"u8.ToArray(),
        "\r\n\r\n"u8.ToArray(),
        "data: "u8.ToArray(),
        "\0"u8.ToArray(),
    ];

    public static IEnumerable<byte[]> Of(byte[] body, int count, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var bytes = body.ToList();
            for (var change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
                Change(bytes, random);
            yield return [.. bytes];
        }
    }

    private static void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 3:
                bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }
}
