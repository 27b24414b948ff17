namespace Dragoman.Canonical;

/// <summary>Gathers the fields of one dialect that a stream repeats or spreads over its chunks.</summary>
/// <param name="joinsLists">A list goes on where the last one ended (what a delta carries), rather than replacing it.</param>
internal sealed class RawFieldsInMaking(bool joinsLists)
{
    private readonly List<RawField> _fields = [];

    public void Take(in ChatEvent raw)
    {
        var name = JsonText.FromEscaped(raw.Name.ToArray());
        var dialect = raw.Dialect ?? "";
        var known = _fields.FindIndex(field => field.Name == name && field.Dialect == dialect);
        if (known < 0)
            _fields.Add(new RawField(dialect, null, name, new RawJson(raw.Json.ToArray())));
        else
            _fields[known] = _fields[known] with { Value = Next(_fields[known].Value, raw.Json) };
    }

    public IReadOnlyList<RawField> Build() => [.. _fields];

    private RawJson Next(RawJson before, ReadOnlySpan<byte> next)
    {
        var first = before.Utf8.Span;
        if (!joinsLists || !IsFilledList(first) || !IsFilledList(next))
            return new RawJson(next.ToArray());
        return new RawJson((byte[])[.. first[..^1], (byte)',', .. next[1..]]);
    }

    private static bool IsFilledList(ReadOnlySpan<byte> json) =>
        json.Length > 2 && json[0] == (byte)'[' && !json[1..^1].Trim(" \r\n\t"u8).IsEmpty;
}
