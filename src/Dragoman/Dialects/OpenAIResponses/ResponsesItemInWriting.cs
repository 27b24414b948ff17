using System.Buffers;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>The kinds of item that are written bit by bit.</summary>
internal enum ItemKind
{
    Message,
    Reasoning,
    Call,
}

/// <summary>The kinds of part that are open in an item.</summary>
internal enum OpenPart
{
    None,
    Text,
    Refusal,
    Summary,
}

/// <summary>One item of the answer while it is written: what has been said of it, to be said again as a whole.</summary>
internal sealed class ResponsesItemInWriting(ItemKind kind, int index, string id)
{
    public ItemKind Kind => kind;
    public int Index => index;
    public string Id => id;
    public byte[] IdUtf8 { get; } = Encoding.UTF8.GetBytes(id);

    /// <summary>The part that is open.</summary>
    public OpenPart Part { get; set; }

    /// <summary>The open part's index, or the next one's.</summary>
    public int PartIndex { get; set; }

    /// <summary>The text of the open part, escaped; of a call, its arguments or input.</summary>
    public ArrayBufferWriter<byte> Text { get; } = new();

    /// <summary>The parts that are whole, as JSON with commas between.</summary>
    public ArrayBufferWriter<byte> Parts { get; } = new();

    /// <summary>Annotations of the open text, likewise.</summary>
    public ArrayBufferWriter<byte> Annotations { get; } = new();

    public int AnnotationCount { get; set; }

    /// <summary>Log probabilities of the open text, likewise.</summary>
    public ArrayBufferWriter<byte> LogProbs { get; } = new();

    /// <summary>Of a reasoning item: its sealed form as it is shown.</summary>
    public JsonText? Encrypted { get; set; }

    /// <summary>Of a call: which of the answer's.</summary>
    public int ToolCall { get; init; }
    public ClientTool Tool { get; init; }
    public JsonText CallId { get; init; }

    /// <summary>Of a call of a custom tool: finds the input in the arguments of its function.</summary>
    public CustomInput? Input { get; init; }

    /// <summary>Adds to a list of JSON values.</summary>
    public static void Append(ArrayBufferWriter<byte> list, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;
        if (list.WrittenCount > 0)
            list.Write(","u8);
        list.Write(value);
    }
}
