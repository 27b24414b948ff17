using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Routing;
using Dragoman.Routing.Classification;

namespace Dragoman;

/// <content>What a prompt is, and who would answer it: without asking anybody.</content>
public sealed partial class Gateway
{
    /// <summary>What a prompt asks for and how hard it looks, told on this machine in a fraction of a millisecond.</summary>
    public ClassificationInfo Classify(string prompt) =>
        Classify([Message.OfText(MessageRole.User, prompt)]);

    /// <summary>The same of a conversation, whose last message is the newest.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">What goes along: a system prompt, earlier turns, tools, a format of the answer.</param>
    public ClassificationInfo Classify(
        IReadOnlyList<Message> messages,
        CompletionOptions? options = null
    ) => Classify(GatewayRequest.ChatOf(messages, options ?? new CompletionOptions()));

    internal static ClassificationInfo Classify(ChatRequest chat) =>
        ClassificationInfo.Of(TaskClassifier.Default.Classify(chat));

    /// <summary>Who would be asked, in which order, and why, with all that was weighed. Nobody is called.</summary>
    /// <exception cref="GatewayException">The name means nothing here, or nobody is left.</exception>
    public RouteInfo ExplainRoute(string prompt, CompletionOptions? options = null) =>
        ExplainRoute([Message.OfText(MessageRole.User, prompt)], options);

    /// <inheritdoc cref="ExplainRoute(string, CompletionOptions?)"/>
    public RouteInfo ExplainRoute(
        IReadOnlyList<Message> messages,
        CompletionOptions? options = null
    ) =>
        ExplainRoute(
            GatewayRequest.Of(messages, options ?? new CompletionOptions(), isStream: false)
        );

    internal RouteInfo ExplainRoute(GatewayRequest request)
    {
        var exchange = Unsent(request);
        var names = Snapshots.Current.Names;
        var (decision, error) = names.Resolve(exchange);
        if (error is not null)
            throw new GatewayException(error);
        var routed = names.AsDecided(exchange, decision!);
        // Whoever asks for the reasons wants to know what the prompt was taken for, also where nothing depends on it.
        routed.Classify();
        return new RouteShapes(
            routed,
            RequestReading.Of(exchange).Classification,
            new ChainShapes(names, exchange.StartedAt, routed.Task),
            Quality
        ).Of(decision!);
    }
}
