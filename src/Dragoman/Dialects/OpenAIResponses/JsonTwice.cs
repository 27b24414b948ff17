using System.Buffers;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>JSON within a JSON string: what stood escaped once stands escaped twice.</summary>
internal static class JsonTwice
{
    /// <summary>Writes JSON as it stands between the quotes of a string.</summary>
    public static void Escape(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        while (!json.IsEmpty)
        {
            var plain = json.IndexOfAny("\"\\\r\n\t"u8);
            if (plain < 0)
            {
                output.Write(json);
                return;
            }
            output.Write(json[..plain]);
            output.Write(
                json[plain] switch
                {
                    (byte)'"' => "\\\""u8,
                    (byte)'\\' => "\\\\"u8,
                    // Line ends and tabs stand between tokens only, where they mean nothing.
                    _ => " "u8,
                }
            );
            json = json[(plain + 1)..];
        }
    }
}
