using System.Buffers;
using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>
/// A client's request on its way into other dialects: read into the canonical shape once, when the first deployment needs it,
/// and written anew for each.
/// </summary>
internal sealed class Translation(Exchange exchange)
{
    private ChatRequest? _chat = exchange.Get<ChatRequest>();
    private EmbeddingRequest? _embedding = exchange.Get<EmbeddingRequest>();
    private GatewayError? _error;

    /// <summary>What is wrong with the request; null where nothing is.</summary>
    public GatewayError? Error
    {
        get
        {
            if (_chat is null && _embedding is null && _error is null)
                Read();
            return _error;
        }
    }

    /// <summary>The chat request without what the deployment that is asked next cannot hold; null where it gets all of it.</summary>
    public ChatRequest? Shortened { get; set; }

    /// <summary>The chat request as the guardrails of the deployment that is asked next let it by; null where they change nothing.</summary>
    public ChatRequest? Guarded { get; set; }

    /// <summary>The chat request; only where there is no <see cref="Error"/>.</summary>
    public ChatRequest? Chat => Guarded ?? _chat;

    /// <summary>Writes the request for a deployment.</summary>
    /// <param name="deployment">Whom it goes to.</param>
    /// <param name="speech">In which dialect.</param>
    /// <param name="isStream">A stream is wanted.</param>
    /// <param name="prefill">Text that earlier attempts already sent, to be carried on as <paramref name="style"/> says; null for none.</param>
    /// <param name="style">How the provider is told to carry on.</param>
    /// <param name="losses">Takes what cannot be said.</param>
    /// <param name="mostTokens">The longest answer that a budget allows; null for no bound.</param>
    public ReadOnlyMemory<byte> WriteFor(
        Deployment deployment,
        in Speech speech,
        bool isStream,
        string? prefill,
        PrefillStyle style,
        Losses losses,
        long? mostTokens = null
    )
    {
        var output = new ArrayBufferWriter<byte>(exchange.Body.Length + 256);
        var model = speech.Spoken.OmitsModel ? default : JsonText.Of(deployment.Model);
        if (_embedding is { } embedding)
        {
            if (speech.Dialect.Embeddings is { } embeddings)
                embeddings.WriteRequest(
                    output,
                    embedding with
                    {
                        Model = model,
                    },
                    deployment,
                    losses
                );
            else
                losses.Refuse("its provider has no embeddings");
        }
        else
        {
            var request = (Shortened ?? Chat!) with
            {
                Model = model,
                Stream = isStream,
                IncludeUsage = isStream && deployment.Provider.Type.StreamOptions ? true : null,
            };
            var shaping = exchange.Get<RoutingDecision>()?.Shaping;
            if (shaping is not null)
                request = RequestShaper.Shape(request, shaping, losses);
            if (shaping?.Defaults is { } agents)
                request = WithDefaults(request, agents, losses);
            if (deployment.Parameters is { } defaults)
                request = WithDefaults(request, defaults, losses);
            if (mostTokens is { } most)
                request = AnswerLimit.Bound(request, most, deployment);
            if (prefill is not null && style != PrefillStyle.None)
                request = request with
                {
                    Messages = [.. request.Messages, Prefill(prefill, style)],
                };
            if (speech.Dialect.Name != exchange.Dialect.Name)
                request = exchange.Dialect.ForOthers(request, losses);
            if (speech.Dialect.Name != exchange.Dialect.Name)
                RefuseKeptFiles(request, losses);
            speech.Dialect.WriteRequest(output, request, deployment, losses);
        }
        return WithMembers(output.WrittenMemory, speech.Spoken.BodyMembers);
    }

    /// <summary>What a vendor keeps for its own account, by an id or in its own storage, no other can fetch.</summary>
    private static void RefuseKeptFiles(ChatRequest request, Losses losses)
    {
        for (var i = 0; i < request.Messages.Count; i++)
            foreach (var part in request.Messages[i].Parts)
            {
                var isKept = part is ToolResultPart result
                    ? result.Content.Any(IsKept)
                    : IsKept(part);
                if (isKept)
                    losses.Refuse(
                        $"messages[{i.ToString(CultureInfo.InvariantCulture)}] names a file that is kept by another vendor"
                    );
            }
    }

    private static bool IsKept(Part part)
    {
        var source = part switch
        {
            ImagePart image => image.Source,
            AudioPart audio => audio.Source,
            FilePart file => file.Source,
            _ => null,
        };
        return source is { FileId: not null, Data: null, Url: null }
            || source?.Url is { } url && url.Escaped.Span.StartsWith("gs:"u8);
    }

    private void Read()
    {
        if (exchange.Operation == Operation.Embeddings)
        {
            if (exchange.Dialect.Embeddings is { } embeddings)
                embeddings.TryReadRequest(
                    exchange.Body,
                    exchange.Envelope,
                    out _embedding,
                    out _error
                );
            else
                throw new InvalidOperationException($"{exchange.Dialect.Name} has no embeddings.");
        }
        else if (exchange.Get<ReadRequest>() is { } read)
            _chat = ToolCallIds.Given(read.Chat);
        else if (
            exchange.Dialect.TryReadRequest(exchange.Body, exchange.Envelope, out _chat, out _error)
        )
            _chat = ToolCallIds.Given(_chat!);
    }

    private static ChatRequest WithDefaults(
        ChatRequest request,
        DeploymentParameters defaults,
        Losses losses
    )
    {
        request = request with
        {
            Temperature = Take("temperature", request.Temperature, defaults.Temperature),
            TopP = Take("top_p", request.TopP, defaults.TopP),
            PresencePenalty = Take(
                "presence_penalty",
                request.PresencePenalty,
                defaults.PresencePenalty
            ),
            FrequencyPenalty = Take(
                "frequency_penalty",
                request.FrequencyPenalty,
                defaults.FrequencyPenalty
            ),
            MaxTokens = request.OutputLimit is null
                ? (long?)Take("max_tokens", null, defaults.MaxTokens)
                : request.MaxTokens,
        };
        if (
            defaults.SystemPrompt is not { Length: > 0 } prompt
            || request.Messages.Any(static message =>
                message.Role is MessageRole.System or MessageRole.Developer
            )
        )
            return request;
        losses.Defaulted("system_prompt", "the deployment's");
        return request with
        {
            Messages = [Message.OfText(MessageRole.System, prompt), .. request.Messages],
        };

        double? Take(string name, double? said, double? own)
        {
            if (said is null && own is { } value)
                losses.Defaulted(name, value.ToString(CultureInfo.InvariantCulture));
            return said ?? own;
        }
    }

    /// <summary>The answer so far, for the model to carry on; the marks are those of OpenAI's dialect, and others leave them out.</summary>
    private static Message Prefill(string text, PrefillStyle style)
    {
        var message = Message.OfText(MessageRole.Assistant, text);
        return style == PrefillStyle.Prefix
            ? message with
            {
                Raw = [new RawField("openai", null, JsonText.Of("prefix"), RawJson.Of("true"))],
            }
            : message;
    }

    /// <summary>The body with the members that this provider wants in each.</summary>
    private static ReadOnlyMemory<byte> WithMembers(ReadOnlyMemory<byte> body, string? members)
    {
        if (members is null)
            return body;
        var first = body.Span.IndexOf((byte)'{') + 1;
        return (byte[])
            [
                .. body.Span[..first],
                .. System.Text.Encoding.UTF8.GetBytes(members),
                .. body.Span[first..],
            ];
    }
}
