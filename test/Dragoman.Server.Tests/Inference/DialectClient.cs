using System.Buffers;
using System.Net;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Server.Tests.Hosting;
using Dragoman.TestKit;
using Shouldly;

namespace Dragoman.Server.Tests.Inference;

/// <summary>A client of one dialect: asks the server in it, and reads what it is answered.</summary>
internal sealed class DialectClient(ServerUnderTest server, string dialect)
{
    private readonly IDialect _dialect = DialectSlice.Find(dialect)!;

    private ProviderType Us { get; } = new() { Name = "us", Dialect = dialect };

    /// <summary>Asks, and gives the answer in the canonical shape.</summary>
    public async Task<ChatReply> AskAsync(ChatRequest request, params (string, string)[] headers)
    {
        using var answer = await SendAsync(request, headers);
        var body = await answer.Content.ReadAsByteArrayAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        return request.Stream is true ? Gather(body) : Read(body);
    }

    /// <summary>Asks what will fail, and gives the status and what is told.</summary>
    public async Task<(int Status, UpstreamError Error, string Body)> FailAsync(
        ChatRequest request,
        params (string, string)[] headers
    )
    {
        using var answer = await SendAsync(request, headers);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return ((int)answer.StatusCode, _dialect.ReadError(body), Encoding.UTF8.GetString(body));
    }

    public Task<HttpResponseMessage> SendAsync(
        ChatRequest request,
        params (string, string)[] headers
    ) =>
        server.PostAsync(
            PathOf(request.Model.ToString(), request.Stream is true),
            Write(request),
            headers
        );

    /// <summary>Asks, and completes with the answer's headers: its body is the test's to read.</summary>
    public Task<HttpResponseMessage> SendStreamAsync(ChatRequest request) =>
        server.StreamAsync(PathOf(request.Model.ToString(), stream: true), Write(request));

    private string Write(ChatRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        var losses = new Losses();
        _dialect.WriteRequest(
            output,
            request with
            {
                Messages = [.. request.Messages.Select(AsItCame)],
            },
            Targets.Of(dialect, dialect == "anthropic" ? "claude-sonnet-4-5" : "m"),
            losses
        );
        losses.Refusal.ShouldBeNull($"a client of {dialect} cannot ask this");
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>OpenAI's chat has a field beside the content for it, which a client gives back like the rest of the message.</summary>
    private static RawField ReasoningDetails(IEnumerable<ReasoningPart> reasoning) =>
        new(
            "openai",
            null,
            JsonText.Of("reasoning_details"),
            RawJson.Of(
                System.Text.Json.JsonSerializer.Serialize(
                    reasoning.Select(
                        static (part, index) =>
                            new
                            {
                                type = "reasoning.text",
                                text = part.Text.ToString(),
                                signature = part.Signature?.ToString(),
                                index,
                            }
                    )
                )
            )
        );

    /// <summary>A client gives opaque signatures back as it got them, whoever made them.</summary>
    private Message AsItCame(Message message)
    {
        message = message with
        {
            Parts =
            [
                .. message.Parts.Select(part =>
                    part is ReasoningPart { Signature: { } signature } reasoning
                        ? reasoning with
                        {
                            Signature = CarriedSignature.Show(
                                signature,
                                reasoning.SignatureOf,
                                dialect
                            ),
                            SignatureOf = dialect,
                        }
                        : part
                ),
            ],
        };
        var reasoning = message.Parts.OfType<ReasoningPart>().ToList();
        return dialect == "openai" && reasoning.Count > 0
            ? message with
            {
                Raw = [ReasoningDetails(reasoning)],
            }
            : message;
    }

    private string PathOf(string model, bool stream) =>
        dialect switch
        {
            "openai" => "/v1/chat/completions",
            "openai-responses" => "/v1/responses",
            "anthropic" => "/v1/messages",
            "gemini" =>
                $"/v1beta/models/{model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}",
            _ => "/api/chat",
        };

    private ChatReply Read(byte[] body)
    {
        _dialect
            .TryReadReply(body, Us, out var reply, out var error)
            .ShouldBeTrue($"{error?.Message} {Encoding.UTF8.GetString(body)}");
        return reply!;
    }

    private ChatReply Gather(byte[] body)
    {
        var builder = new ChatReplyBuilder();
        var reader = StreamFeed.Feed(_dialect, Us, body, 4096, builder);
        reader.MalformedEvents.ShouldBe(0, Encoding.UTF8.GetString(body));
        builder.Error.ShouldBeNull(Encoding.UTF8.GetString(body));
        builder.IsComplete.ShouldBeTrue(Encoding.UTF8.GetString(body));
        return builder.Build();
    }
}
