using System.Buffers;

namespace Dragoman.Canonical;

/// <summary>The kinds of part that a stream builds up.</summary>
internal enum PartKind
{
    Text,
    Refusal,
    Reasoning,
    ToolCall,
    Raw,
}

/// <summary>One part of a streamed answer while its deltas come in.</summary>
internal sealed class PartInMaking(PartKind kind)
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private ArrayBufferWriter<byte>? _signature;
    private string? _dialect;
    private string? _name;
    private bool _isRedacted;
    private JsonText? _id;
    private JsonText _callName;
    private RawJson _json;

    public PartKind Kind => kind;

    /// <summary>Which of the choice's tool calls.</summary>
    public int ToolCall { get; private set; }

    /// <summary>A signature closes the reasoning it stands behind.</summary>
    public bool IsSigned => _signature is not null;

    /// <summary>Fields of one dialect in a tool call.</summary>
    public RawFieldsInMaking Raw { get; private set; } = new(joinsLists: false);

    public void Append(ReadOnlySpan<byte> text) => _text.Write(text);

    public void AppendReasoning(in ChatEvent delta)
    {
        _text.Write(delta.Text);
        if (!delta.Name.IsEmpty)
            _name ??= JsonUnescape.ToText(delta.Name);
    }

    public void Sign(in ChatEvent signature)
    {
        (_signature ??= new()).Write(signature.Text);
        _dialect = signature.Dialect;
    }

    public void Redact(in ChatEvent redacted)
    {
        Sign(redacted);
        _isRedacted = true;
    }

    /// <param name="start">The call's head.</param>
    /// <param name="told">Fields of it that were told before; null for none.</param>
    public void Call(in ChatEvent start, RawFieldsInMaking? told)
    {
        Raw = told ?? Raw;
        ToolCall = start.ToolCall;
        _callName = Copy(start.Name);
        _id = start.Id.IsEmpty ? null : Copy(start.Id);
    }

    public void Carry(in ChatEvent raw)
    {
        _dialect = raw.Dialect;
        _name = JsonUnescape.ToText(raw.Name);
        _json = new RawJson(raw.Json.ToArray());
    }

    public Part Build() =>
        kind switch
        {
            PartKind.Text => new TextPart(Copy(_text.WrittenSpan)),
            PartKind.Refusal => new RefusalPart(Copy(_text.WrittenSpan)),
            PartKind.ToolCall => new ToolCallPart(
                _callName,
                ToolArguments.FromText(Copy(_text.WrittenSpan))
            )
            {
                Id = _id,
                Raw = Raw.Build(),
            },
            PartKind.Raw => new RawPart(_dialect ?? "", _name ?? "", _json),
            _ => new ReasoningPart(Copy(_text.WrittenSpan))
            {
                Signature = _signature is null ? null : Copy(_signature.WrittenSpan),
                SignatureOf = _dialect,
                IsRedacted = _isRedacted,
                WireName = _name,
            },
        };

    private static JsonText Copy(ReadOnlySpan<byte> escaped) =>
        JsonText.FromEscaped(escaped.ToArray());
}
