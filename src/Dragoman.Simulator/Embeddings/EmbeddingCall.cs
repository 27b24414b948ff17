using System.Globalization;
using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Embeddings;

/// <summary>An embeddings request, or what is wrong with it. Token lists are read as words.</summary>
internal sealed record EmbeddingCall(IReadOnlyList<string> Inputs, int Dimensions, bool Base64)
{
    private const int UsualDimensions = 256;
    private const int MostDimensions = 4096;
    private const int MostInputs = 2048;

    public int Tokens => Inputs.Sum(input => TextPieces.Count(input));

    public static EmbeddingCall? Read(JsonElement root, out ApiError? error)
    {
        var inputs = root.TryGetProperty("input", out var input) ? Texts(input) : null;
        if (inputs is null || inputs.Count is 0 or > MostInputs || inputs.Contains(""))
        {
            error = new(
                400,
                "'input' must be a non-empty string, a list of tokens, or a list of up to 2048 of them.",
                Param: "input"
            );
            return null;
        }
        var dimensions = UsualDimensions;
        if (
            root.TryGetProperty("dimensions", out var wanted)
            && wanted.ValueKind != JsonValueKind.Null
            && (
                wanted.ValueKind != JsonValueKind.Number
                || !wanted.TryGetInt32(out dimensions)
                || dimensions is < 1 or > MostDimensions
            )
        )
        {
            error = new(400, "'dimensions' must be from 1 to 4096.", Param: "dimensions");
            return null;
        }
        error = null;
        var base64 =
            root.TryGetProperty("encoding_format", out var format)
            && format.ValueKind == JsonValueKind.String
            && format.ValueEquals("base64"u8);
        return new(inputs, dimensions, base64);
    }

    private static List<string>? Texts(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String)
            return [input.GetString()!];
        if (input.ValueKind != JsonValueKind.Array)
            return null;
        if (IsTokens(input))
            return [Words(input)];
        var texts = new List<string>();
        foreach (var item in input.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
                texts.Add(item.GetString()!);
            else if (item.ValueKind == JsonValueKind.Array && IsTokens(item))
                texts.Add(Words(item));
            else
                return null;
        }
        return texts;
    }

    private static bool IsTokens(JsonElement list) =>
        list.GetArrayLength() > 0
        && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number);

    private static string Words(JsonElement tokens) =>
        string.Join(
            ' ',
            tokens
                .EnumerateArray()
                .Select(token => token.GetRawText().ToString(CultureInfo.InvariantCulture))
        );
}
