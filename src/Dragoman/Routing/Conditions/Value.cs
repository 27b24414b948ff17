namespace Dragoman.Routing.Conditions;

/// <summary>The kinds of value that conditions know.</summary>
internal enum ValueKind
{
    /// <summary>Nobody knows: no comparison with it holds.</summary>
    Unknown,
    Flag,
    Number,
    Text,
    Texts,
}

/// <summary>A value while a condition is looked at.</summary>
internal readonly struct Value
{
    private readonly object? _text;

    private Value(ValueKind kind, double number, object? text) =>
        (Kind, Number, _text) = (kind, number, text);

    public static Value Unknown => default;

    public ValueKind Kind { get; }

    /// <summary>The number; of a flag 1 or 0.</summary>
    public double Number { get; }

    public string Text => (string?)_text ?? "";

    public IReadOnlyList<string> Texts => (IReadOnlyList<string>?)_text ?? [];

    public bool IsTrue => Kind == ValueKind.Flag && Number != 0;

    public static Value Of(bool? flag) =>
        flag is { } known ? new Value(ValueKind.Flag, known ? 1 : 0, null) : Unknown;

    public static Value Of(double? number) =>
        number is { } known ? new Value(ValueKind.Number, known, null) : Unknown;

    public static Value Of(string? text) =>
        text is null ? Unknown : new Value(ValueKind.Text, 0, text);

    public static Value Of(IReadOnlyList<string>? texts) =>
        texts is null ? Unknown : new Value(ValueKind.Texts, 0, texts);
}
