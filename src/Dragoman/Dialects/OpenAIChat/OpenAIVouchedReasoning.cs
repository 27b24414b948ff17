using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// Reasoning of a streamed choice of another dialect while its signature is awaited. The text went out with its deltas; once
/// signed, text and signature are said together, in one item that a client can send back as it is.
/// </summary>
internal sealed class OpenAIVouchedReasoning
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _signature = new();
    private readonly List<byte[]> _unsigned = [];
    private string _dialect = "";
    private int _index;

    /// <summary>A signature has come, and is not written yet.</summary>
    public bool Waits => _signature.WrittenCount > 0;

    public bool IsRedacted { get; private set; }

    /// <summary>It vouches for no reasoning but for the call that follows; Gemini signs nothing else before one.</summary>
    public bool IsForCall => !IsRedacted && (_text.WrittenCount == 0 || _dialect == "gemini");

    /// <summary>More reasoning; what was signed before is another block.</summary>
    public void Add(ReadOnlySpan<byte> text) => _text.Write(text);

    /// <summary>A block ends: a signature that comes now is over what follows.</summary>
    public void EndPart()
    {
        if (Waits || _text.WrittenCount == 0)
            return;
        _unsigned.Add(_text.WrittenSpan.ToArray());
        _text.ResetWrittenCount();
    }

    /// <summary>A signature, or more of it.</summary>
    public void Take(ReadOnlySpan<byte> signature, string dialect, bool isRedacted)
    {
        _signature.Write(signature);
        (_dialect, IsRedacted) = (dialect, isRedacted);
    }

    /// <summary>Writes it into a delta.</summary>
    public void WriteTo(OpenAIChunkWriter chunks)
    {
        var shown = CarriedSignature.Show(
            JsonText.FromEscaped(_signature.WrittenMemory),
            _dialect,
            OpenAIChatDialect.DialectName
        );
        chunks.Write("\"reasoning_details\":["u8);
        // What came before unsigned, too: a client sends these back in place of the text.
        foreach (var text in _unsigned)
        {
            chunks.Write("{\"type\":\"reasoning.text\",\"text\":\""u8);
            chunks.Write(text);
            chunks.Write("\",\"format\":\"unknown\",\"index\":"u8);
            chunks.Write(_index++);
            chunks.Write("},"u8);
        }
        _unsigned.Clear();
        chunks.Write("{\"type\":\"reasoning."u8);
        if (IsRedacted)
            chunks.Write("encrypted\",\"data\":\""u8);
        else
        {
            chunks.Write("text\",\"text\":\""u8);
            chunks.Write(_text.WrittenSpan);
            chunks.Write("\",\"signature\":\""u8);
        }
        chunks.Write(shown.Escaped.Span);
        chunks.Write("\",\"format\":\""u8);
        chunks.Write(OpenAIReasoningDetails.Format(_dialect));
        chunks.Write("\",\"index\":"u8);
        chunks.Write(_index++);
        chunks.Write("}]"u8);
        Forget();
    }

    /// <summary>Writes it as a member of the call that it vouches for, with a comma before it.</summary>
    public void WriteForCall(OpenAIChunkWriter chunks)
    {
        var shown = OpenAIThoughtSignature.Show(
            JsonText.FromEscaped(_signature.WrittenMemory),
            _dialect
        );
        chunks.Write(",\"extra_content\":{\"google\":{\"thought_signature\":\""u8);
        chunks.Write(shown.Escaped.Span);
        chunks.Write("\"}}"u8);
        Forget();
    }

    private void Forget()
    {
        if (!IsRedacted)
            _text.ResetWrittenCount();
        _signature.ResetWrittenCount();
        IsRedacted = false;
    }
}
