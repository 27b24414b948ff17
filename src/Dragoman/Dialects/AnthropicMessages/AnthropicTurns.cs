using System.Globalization;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>One turn of a conversation as this dialect has it.</summary>
/// <param name="IsAssistant">The model's, else the user's.</param>
/// <param name="Parts">What goes into it, each with the path it is named by in losses.</param>
internal sealed record AnthropicTurn(bool IsAssistant, List<(Part Part, string Where)> Parts)
{
    /// <summary>Names the mark, of null, on a system message that stands within the conversation rather than in front.</summary>
    public static readonly JsonText InPlace = JsonText.Of("role");

    /// <summary>Instructions within the conversation, which newer models take.</summary>
    public bool IsSystem { get; init; }

    /// <summary>It can be written as a bare string.</summary>
    public bool IsBareText { get; init; }

    /// <summary>Fields of this dialect's own message.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];
}

/// <summary>
/// Puts messages into the turns that Anthropic takes: the system prompt apart, user and assistant in turns, the results of tools
/// right behind the calls and before all else, and no text that says nothing.
/// </summary>
internal sealed class AnthropicTurns
{
    private readonly Losses _losses;

    public AnthropicTurns(IReadOnlyList<Message> messages, Losses losses)
    {
        _losses = losses;
        for (var i = 0; i < messages.Count; i++)
            Add(messages[i], i);
        foreach (var turn in Turns)
        {
            // Stable, so that what a user says stays in its order.
            if (!turn.IsAssistant)
                Sort(turn.Parts);
        }
    }

    /// <summary>The system prompt's parts.</summary>
    public List<(Part Part, string Where)> System { get; } = [];

    /// <summary>The system prompt was one bare string.</summary>
    public bool IsBareSystem { get; private set; }

    public List<AnthropicTurn> Turns { get; } = [];

    private void Add(Message message, int index)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"messages[{index}]");
        AnthropicJson.NameLosses(message.Raw, where, _losses);
        if (message.Name is not null)
            _losses.Add($"{where}.name");
        var isInPlace = AnthropicJson.Has(message.Raw, null, "role"u8);
        if (message.Role is MessageRole.System or MessageRole.Developer && !isInPlace)
        {
            AddSystem(message, where);
            return;
        }
        var parts = message.Parts.Where(Says).Select(part => (part, where)).ToList();
        if (parts.Count == 0 && message.Raw.Count == 0)
            return;
        var isAssistant = message.Role is MessageRole.Assistant;
        if (
            Turns.Count > 0
            && !isInPlace
            && Turns[^1] is { Raw.Count: 0, IsSystem: false } last
            && last.IsAssistant == isAssistant
            && message.Raw.All(static field => field.Dialect != AnthropicDialect.DialectName)
        )
        {
            last.Parts.AddRange(parts);
            Turns[^1] = last with { IsBareText = false };
            return;
        }
        Turns.Add(
            new AnthropicTurn(isAssistant, parts)
            {
                IsBareText = message.IsBareText && message.Parts is [TextPart { Raw.Count: 0 }],
                IsSystem = isInPlace,
                Raw = isInPlace
                    ? [.. message.Raw.Where(static field => field.Name != AnthropicTurn.InPlace)]
                    : message.Raw,
            }
        );
    }

    private void AddSystem(Message message, string where)
    {
        if (Turns.Count > 0)
            _losses.Translated($"{where}.role", "system prompt");
        IsBareSystem =
            System.Count == 0 && message.IsBareText && message.Parts is [TextPart { Raw.Count: 0 }];
        foreach (var part in message.Parts)
        {
            if (part is not TextPart)
                _losses.Add($"{where} (in a system message)");
            else if (Says(part))
                System.Add((part, where));
        }
    }

    /// <summary>Anthropic refuses texts that are empty or all white space.</summary>
    public static bool Says(Part part) =>
        part is not TextPart text
        || text.Raw.Count > 0
        || !string.IsNullOrWhiteSpace(text.Text.ToString());

    private static void Sort(List<(Part Part, string Where)> parts)
    {
        if (!parts.Exists(static entry => entry.Part is ToolResultPart))
            return;
        var sorted = parts.OrderBy(static entry => entry.Part is ToolResultPart ? 0 : 1).ToList();
        parts.Clear();
        parts.AddRange(sorted);
    }
}
