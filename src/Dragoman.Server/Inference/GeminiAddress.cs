using Dragoman.Dialects;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>What a Gemini address asks: <c>models/NAME:ACTION</c>, where the name may hold slashes and colons of its own.</summary>
/// <param name="Model">The model, without Google's prefix.</param>
/// <param name="Action">What is asked, as the address says it.</param>
internal readonly record struct GeminiAddress(string Model, string Action)
{
    private static readonly string[] Actions =
    [
        "generateContent",
        "streamGenerateContent",
        "countTokens",
        "embedContent",
        "batchEmbedContents",
    ];

    public bool IsStream => Action == "streamGenerateContent";

    public Operation Operation =>
        Action switch
        {
            "countTokens" => Operation.CountTokens,
            "embedContent" or "batchEmbedContents" => Operation.Embeddings,
            _ => Operation.Chat,
        };

    /// <summary>Takes an address apart; false where it asks for nothing that is known.</summary>
    /// <param name="rest">What follows the version, or <c>models/</c>.</param>
    /// <param name="address">What it asks.</param>
    public static bool TryRead(string rest, out GeminiAddress address)
    {
        var end = rest.LastIndexOf(':');
        var action = end < 0 ? null : Array.Find(Actions, known => rest[(end + 1)..] == known);
        address = action is null ? default : new GeminiAddress(NameOf(rest[..end]), action);
        return action is not null && address.Model.Length > 0;
    }

    /// <summary>Google's addresses begin with <c>/v1</c> too, where OpenAI's do.</summary>
    public static bool IsBelowV1(PathString path) =>
        path.StartsWithSegments("/v1/models", StringComparison.OrdinalIgnoreCase, out var rest)
        && rest.HasValue
        && TryRead(rest.Value![1..], out _);

    /// <summary>A model's name in an address: libraries escape its slash, and the host leaves just that escape standing.</summary>
    public static string NameOf(string path)
    {
        var name = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        const string Prefix = "models/";
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
    }
}
