using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dragoman.Canonical;

namespace Dragoman.Native;

/// <content>Which model, and why; and what answers were worth.</content>
public sealed partial class DragomanClient
{
    /// <inheritdoc cref="Gateway.Classify(string)"/>
    /// <exception cref="GatewayException">The server could not be asked; its kind tells why.</exception>
    public Task<ClassificationInfo> ClassifyAsync(
        string prompt,
        CancellationToken cancellationToken = default
    ) => ClassifyAsync([Message.OfText(MessageRole.User, prompt)], null, cancellationToken);

    /// <inheritdoc cref="Gateway.Classify(IReadOnlyList{Message}, CompletionOptions?)"/>
    /// <exception cref="GatewayException">The server could not be asked; its kind tells why.</exception>
    public Task<ClassificationInfo> ClassifyAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        PostAsync(
            "classify",
            BodyOf(messages, options, stream: false).Body,
            ClassificationJson.Default.ClassificationInfo,
            cancellationToken
        );

    /// <inheritdoc cref="Gateway.ExplainRoute(string, CompletionOptions?)"/>
    public Task<RouteInfo> RouteAsync(
        string prompt,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    ) => RouteAsync([Message.OfText(MessageRole.User, prompt)], options, cancellationToken);

    /// <inheritdoc cref="Gateway.ExplainRoute(IReadOnlyList{Message}, CompletionOptions?)"/>
    public Task<RouteInfo> RouteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        PostAsync(
            "route",
            BodyOf(messages, options, stream: false).Body,
            RouteJson.Readable.RouteInfo,
            cancellationToken
        );

    /// <inheritdoc cref="Gateway.CompareAsync(string, IReadOnlyList{string}, CompletionOptions?, CancellationToken)"/>
    public Task<ComparisonReply> CompareAsync(
        string prompt,
        IReadOnlyList<string> models,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        CompareAsync(
            [Message.OfText(MessageRole.User, prompt)],
            models,
            options,
            cancellationToken
        );

    /// <inheritdoc cref="Gateway.CompareAsync(IReadOnlyList{Message}, IReadOnlyList{string}, CompletionOptions?, CancellationToken)"/>
    public Task<ComparisonReply> CompareAsync(
        IReadOnlyList<Message> messages,
        IReadOnlyList<string> models,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        PostAsync(
            "compare",
            BodyOf(
                messages,
                GatewayRequest.OfSeveral(options ?? new CompletionOptions()),
                stream: false,
                models
            ).Body,
            ComparisonJson.Readable.ComparisonReply,
            cancellationToken
        );

    /// <inheritdoc cref="Gateway.Recommend(string, RecommendationConstraints?)"/>
    /// <param name="taskDescription">In English chiefly.</param>
    /// <param name="constraints">What wins over its words; null says nothing.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task<RecommendationReply> RecommendAsync(
        string taskDescription,
        RecommendationConstraints? constraints = null,
        CancellationToken cancellationToken = default
    ) =>
        PostAsync(
            "recommend",
            json =>
            {
                json.WriteString("task_description"u8, taskDescription);
                if (constraints is null)
                    return;
                json.WritePropertyName("constraints"u8);
                JsonSerializer.Serialize(
                    json,
                    constraints,
                    RecommendationJson.Readable.RecommendationConstraints
                );
            },
            RecommendationJson.Readable.RecommendationReply,
            cancellationToken
        );

    /// <inheritdoc cref="Gateway.GiveFeedbackAsync(string, double, string?, CancellationToken)"/>
    public Task<FeedbackReply> GiveFeedbackAsync(
        string requestId,
        double score,
        string? comment = null,
        CancellationToken cancellationToken = default
    ) =>
        PostAsync(
            "feedback",
            json =>
            {
                json.WriteString("request_id"u8, requestId);
                // JSON has no word for what is no number: the server says what is allowed.
                if (double.IsFinite(score))
                    json.WriteNumber("score"u8, score);
                json.WriteString("comment"u8, comment);
            },
            FeedbackJson.Readable.FeedbackReply,
            cancellationToken
        );

    private Task<T> PostAsync<T>(
        string path,
        Action<Utf8JsonWriter> write,
        JsonTypeInfo<T> shape,
        CancellationToken cancellationToken
    )
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, CompletionJson.WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return PostAsync(path, body.WrittenMemory, shape, cancellationToken);
    }

    private Task<T> PostAsync<T>(
        string path,
        ReadOnlyMemory<byte> body,
        JsonTypeInfo<T> shape,
        CancellationToken cancellationToken
    ) => _server.CallAsync(HttpMethod.Post, path, body, shape, cancellationToken);
}
