using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// <c>cache_control</c> on the parts and tools of OpenAI-shaped requests: many clients send it there (OpenRouter's convention), and
/// it means what it means here. Lost, it would cost the price of the cache.
/// </summary>
internal static class AnthropicCacheMarks
{
    private static readonly JsonText Name = JsonText.Of("cache_control");

    /// <summary>The request with such marks as fields of this dialect.</summary>
    public static ChatRequest Adopt(ChatRequest request) =>
        request with
        {
            Messages =
            [
                .. request.Messages.Select(static message =>
                    message.Parts.Any(static part => IsMarked(part.Raw))
                        ? message with
                        {
                            Parts = [.. message.Parts.Select(Adopt)],
                        }
                        : message
                ),
            ],
            Tools =
            [
                .. request.Tools.Select(static tool =>
                    IsMarked(tool.Raw) ? tool with { Raw = Adopt(tool.Raw) } : tool
                ),
            ],
        };

    private static Part Adopt(Part part) =>
        IsMarked(part.Raw) ? part with { Raw = Adopt(part.Raw) } : part;

    private static IReadOnlyList<RawField> Adopt(IReadOnlyList<RawField> fields) =>
        [
            .. fields.Select(static field =>
                IsMark(field) ? field with { Dialect = AnthropicDialect.DialectName } : field
            ),
        ];

    private static bool IsMarked(IReadOnlyList<RawField> fields)
    {
        foreach (var field in fields)
        {
            if (IsMark(field))
                return true;
        }
        return false;
    }

    private static bool IsMark(RawField field) =>
        field is { Dialect: "openai", Parent: null } && field.Name == Name;
}
