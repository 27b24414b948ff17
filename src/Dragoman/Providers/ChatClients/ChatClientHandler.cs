using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;
using Microsoft.Extensions.AI;

namespace Dragoman.Providers.ChatClients;

/// <summary>
/// Makes an <see cref="IChatClient"/> a provider: it is asked in OpenAI's chat dialect without a network between, so that deadlines,
/// retries, streams, usage and errors are those of every other provider.
/// </summary>
internal sealed class ChatClientHandler(IChatClient client) : HttpMessageHandler
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (
            !request.RequestUri!.AbsolutePath.EndsWith(
                "/chat/completions",
                StringComparison.Ordinal
            )
        )
            return Failure(404, "A chat client knows no embeddings.");
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        if (!OpenAIChatRequestReader.TryRead(body, out var asked, out var wrong))
            return Failure(400, wrong!.Message);
        List<ChatMessage> messages;
        ChatOptions options;
        try
        {
            messages = ChatClientRequest.Messages(asked!);
            options = ChatClientRequest.Options(asked!);
        }
        catch (Exception odd) when (odd is FormatException or JsonException)
        {
            // An image that is no base64, an address that is none, a schema that is too deep: the asker's, not the client's fault.
            return Failure(400, "The request cannot be told to this client: " + odd.Message);
        }
        try
        {
            if (asked!.Stream is true)
                return await ChatClientStream.StartAsync(
                    client,
                    messages,
                    options,
                    cancellationToken
                );
            var answer = await client
                .GetResponseAsync(messages, options, cancellationToken)
                .WaitAsync(cancellationToken);
            if (ChatClientReply.ErrorIn(answer) is { } told)
                return Failure(502, told);
            return Answer(ChatClientReply.Of(answer), asked.Model);
        }
        catch (Exception failure)
            when (failure is IToldFailure && !cancellationToken.IsCancellationRequested)
        {
            return Failure(((IToldFailure)failure).Error);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Its message is not told: libraries quote keys and prompts in theirs.
            return Failure(StatusOf(failure), $"The chat client failed: {failure.GetType().Name}.");
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

    /// <summary>What a client's exception says in HTTP: its own status where it has one.</summary>
    internal static int StatusOf(Exception failure) =>
        failure switch
        {
            HttpRequestException { StatusCode: { } status } => (int)status,
            ArgumentException or NotSupportedException => 400,
            TimeoutException or OperationCanceledException => 504,
            _ => 502,
        };

    private static HttpResponseMessage Answer(ChatReply reply, JsonText model)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        OpenAIChatReplyWriter.Write(output, reply, ChatClientReply.Fallback(model));
        return Whole(HttpStatusCode.OK, output);
    }

    private static HttpResponseMessage Failure(int status, string message)
    {
        var output = new ArrayBufferWriter<byte>(256);
        new OpenAIChatDialect().WriteError(
            output,
            new GatewayError(GatewayErrorKind.Upstream, message) { Code = "chat_client" }
        );
        return Whole((HttpStatusCode)status, output);
    }

    /// <summary>Another gateway's failure, as it tells it.</summary>
    private static HttpResponseMessage Failure(GatewayError error)
    {
        var output = new ArrayBufferWriter<byte>(256);
        new OpenAIChatDialect().WriteError(output, error);
        var answer = Whole((HttpStatusCode)error.Status, output);
        if (error.RetryAfter is { } wait)
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
        return answer;
    }

    private static HttpResponseMessage Whole(HttpStatusCode status, ArrayBufferWriter<byte> body)
    {
        var content = new ReadOnlyMemoryContent(body.WrittenMemory);
        content.Headers.ContentType = Json;
        return new HttpResponseMessage(status) { Content = content };
    }
}
