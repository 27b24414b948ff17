using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Microsoft.Extensions.AI;

namespace Dragoman.Providers.ChatClients;

/// <summary>A chat client's updates as a stream of chunks: each read gives what the next update says.</summary>
internal sealed class ChatClientStream : Stream
{
    private static readonly MediaTypeHeaderValue EventStream = new("text/event-stream");

    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;
    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly OpenAIChatStreamWriter _writer;
    private readonly UsageDetails _usage = new();
    private ChatFinishReason? _finish;
    private int _calls;
    private int _read;
    private bool _hasUsage;
    private bool _isFirst = true;
    private bool _isOver;

    private ChatClientStream(IAsyncEnumerator<ChatResponseUpdate> updates, ReplyFallback fallback)
    {
        _updates = updates;
        _writer = new OpenAIChatStreamWriter(_written, includeUsage: true, fallback);
    }

    /// <summary>Completes with the first update, so that a client which fails at once is a refusal rather than a broken stream.</summary>
    public static async Task<HttpResponseMessage> StartAsync(
        IChatClient client,
        List<ChatMessage> messages,
        ChatOptions options,
        CancellationToken cancellationToken
    )
    {
        var updates = client
            .GetStreamingResponseAsync(messages, options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        var stream = new ChatClientStream(
            updates,
            ChatClientReply.Fallback(JsonText.Of(options.ModelId ?? ""))
        );
        await stream.AdvanceAsync();
        var content = new StreamContent(stream);
        content.Headers.ContentType = EventStream;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        while (_read == _written.WrittenCount && !_isOver)
        {
            _written.ResetWrittenCount();
            _read = 0;
            try
            {
                await AdvanceAsync();
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException("The chat client failed.", failure);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new OperationCanceledException(
                    "The attempt is over.",
                    failure,
                    cancellationToken
                );
            }
        }
        var count = Math.Min(buffer.Length, _written.WrittenCount - _read);
        _written.WrittenMemory.Slice(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    private async Task AdvanceAsync()
    {
        if (!await _updates.MoveNextAsync())
        {
            End();
            return;
        }
        var update = _updates.Current;
        if (_isFirst)
            _writer.Take(
                ChatEvent.OfStart(
                    JsonText.Of(update.ResponseId ?? "").Escaped.Span,
                    JsonText.Of(update.ModelId ?? "").Escaped.Span,
                    update.CreatedAt?.ToUnixTimeSeconds() ?? 0
                )
            );
        _isFirst = false;
        foreach (var content in update.Contents)
            Take(content);
        _finish = update.FinishReason ?? _finish;
    }

    private void Take(AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent reasoning:
                Take(reasoning);
                break;
            case TextContent { Text.Length: > 0 } text:
                _writer.Take(ChatEvent.OfText(0, JsonText.Of(text.Text).Escaped.Span));
                break;
            case FunctionCallContent call:
                _writer.Take(
                    ChatEvent.OfToolCall(
                        0,
                        _calls,
                        JsonText.Of(call.CallId).Escaped.Span,
                        JsonText.Of(call.Name).Escaped.Span
                    )
                );
                _writer.Take(
                    ChatEvent.OfToolArguments(
                        0,
                        _calls++,
                        ChatClientReply.Arguments(call).Escaped.Span
                    )
                );
                break;
            case ErrorContent refusal when ChatClientReply.IsRefusal(refusal):
                _writer.Take(ChatEvent.OfRefusal(0, JsonText.Of(refusal.Message).Escaped.Span));
                break;
            case ErrorContent error:
                throw new IOException("The chat client told an error: " + error.Message);
            case UsageContent usage:
                _hasUsage = true;
                _usage.Add(usage.Details);
                break;
        }
    }

    private void Take(TextReasoningContent reasoning)
    {
        if (reasoning.Text.Length > 0)
            _writer.Take(ChatEvent.OfReasoning(0, JsonText.Of(reasoning.Text).Escaped.Span));
        if (reasoning.ProtectedData is { Length: > 0 } data)
            _writer.Take(
                ChatEvent.OfSignature(
                    0,
                    JsonText.Of(data).Escaped.Span,
                    ChatClientReply.SignatureOf
                )
            );
    }

    private void End()
    {
        _isOver = true;
        _writer.Take(ChatEvent.OfStop(0, ChatClientReply.Stop(_finish, _calls > 0)));
        if (_hasUsage && ChatClientReply.Usage(_usage) is { } usage)
            _writer.Take(ChatEvent.OfUsage(usage));
        _writer.Take(ChatEvent.OfEnd());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            // What it holds is let go in the background: nobody waits for a stream that is not wanted any more.
            _ = _updates.DisposeAsync().AsTask();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The stream is read asynchronously.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();
}
