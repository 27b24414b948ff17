using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Guardrails.Text;

/// <summary>Takes whole texts through the rules, one by one; the same ones come back where nothing was masked.</summary>
internal sealed class GuardedTexts(IReadOnlyList<TextRule> rules, FindingCounts counts)
{
    private readonly StringBuilder _output = new();

    /// <summary>The rule that stopped one of the texts; null where none did.</summary>
    public TextRule? BlockedBy { get; private set; }

    /// <summary>Prose.</summary>
    public JsonText Prose(JsonText text) =>
        text.IsEmpty || rules.Count == 0 || BlockedBy is not null ? text
        : Through(new TextWindow(rules, counts), text.ToString()) is { } masked
            ? JsonText.Of(masked)
        : text;

    public JsonText? Prose(JsonText? text) => text is { } known ? Prose(known) : null;

    /// <summary>Prose that is no JSON yet.</summary>
    public string Prose(string text) =>
        rules.Count == 0 || BlockedBy is not null
            ? text
            : Through(new TextWindow(rules, counts), text) ?? text;

    /// <summary>The strings in a JSON value.</summary>
    public RawJson Json(RawJson json) =>
        json.IsEmpty || rules.Count == 0 || BlockedBy is not null ? json
        : Through(new JsonWindow(rules, counts), json.ToString()) is { } masked ? RawJson.Of(masked)
        : json;

    /// <summary>The strings in a tool call's arguments, in whichever form they are; null where they stay as they are.</summary>
    public ToolArguments? Arguments(ToolArguments arguments) =>
        rules.Count > 0
        && BlockedBy is null
        && Through(new JsonWindow(rules, counts), arguments.ToString()) is { } masked
            ? ToolArguments.FromText(JsonText.Of(masked))
            : null;

    /// <summary>The same list where none of its fields holds anything.</summary>
    public IReadOnlyList<RawField> Fields(IReadOnlyList<RawField> fields)
    {
        RawField[]? masked = null;
        for (var i = 0; i < fields.Count; i++)
        {
            var value = Json(fields[i].Value);
            if (!value.Utf8.Equals(fields[i].Value.Utf8))
                (masked ??= [.. fields])[i] = fields[i] with { Value = value };
        }
        return masked ?? fields;
    }

    /// <summary>Null where the text stays as it is.</summary>
    private string? Through(IGuardedText window, string text)
    {
        _output.Clear();
        window.Take(text, _output);
        window.End(_output);
        BlockedBy = window.BlockedBy;
        return BlockedBy is null && window.HasMasked ? _output.ToString() : null;
    }
}
