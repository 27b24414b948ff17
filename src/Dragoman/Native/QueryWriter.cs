using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Native;

/// <summary>Writes bodies of <c>POST /api/llm/query</c>: what <see cref="QueryReader"/> reads.</summary>
internal static class QueryWriter
{
    /// <summary>A gateway takes whatever this dialect can say, and signatures of every provider wrapped.</summary>
    private static readonly Deployment Gateway = new()
    {
        Name = CompletionOptions.DefaultModel,
        Model = CompletionOptions.DefaultModel,
        Provider = new Provider
        {
            Name = "dragoman",
            Type = new ProviderType
            {
                Name = "dragoman",
                Dialect = OpenAIChatDialect.DialectName,
                DeveloperRole = true,
                Chat = new ChatHabits { ReasoningReturn = ReasoningReturn.Wrapped },
            },
            Dialect = OpenAIChatDialect.DialectName,
            BaseUrl = new Uri("http://dragoman.invalid"),
            Keys = KeyPool.None(),
        },
        State = new DeploymentState(CompletionOptions.DefaultModel),
    };

    /// <summary>A question.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="options">What else is said.</param>
    /// <param name="stream">The answer is to come piece by piece.</param>
    /// <param name="losses">Takes what cannot be said in this body.</param>
    /// <param name="compared">Models that are all to answer it, as <c>/api/llm/compare</c> takes them; null is a body of one query.</param>
    public static void Write(
        IBufferWriter<byte> output,
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        bool stream,
        Losses losses,
        IReadOnlyList<string>? compared = null
    )
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        Write(json, "system_prompt", options.SystemPrompt);
        WriteConversation(json, messages, options, new OpenAITarget(Gateway, losses));
        if (compared is not null)
            WriteList(json, "models", compared);
        WriteName(json, options.Model, options.Provider);
        Write(json, "force_model", options.ForceModel);
        Write(json, "auto_select", options.AutoSelect);
        if (stream)
            json.WriteBoolean("stream"u8, true);
        WriteParameters(json, options);
        OpenAIResponseFormatWriter.Write(json, options.ResponseFormat, losses);
        WriteChoice(json, options);
        WriteAccount(json, options.WorkspaceId, options.ExecutionId, options.Tags);
        json.WriteEndObject();
    }

    /// <summary>Texts to embed.</summary>
    public static void Write(
        IBufferWriter<byte> output,
        IReadOnlyList<string> texts,
        EmbeddingOptions options
    )
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("input"u8);
        foreach (var text in texts)
            JsonText.Of(text).WriteTo(json);
        json.WriteEndArray();
        WriteName(json, options.Model, options.Provider);
        DialectJson.Write(json, "dimensions"u8, options.Dimensions);
        Write(json, "enable_fallback", options.EnableFallback);
        Write(json, "local_only", options.LocalOnly);
        WriteAccount(json, options.WorkspaceId, options.ExecutionId, options.Tags);
        json.WriteEndObject();
    }

    private static void WriteConversation(
        Utf8JsonWriter json,
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        OpenAITarget target
    )
    {
        var before = options.ConversationHistory.Count;
        // Ids go over both lists, since a result may stand in the one and its call in the other.
        var all = ToolCallIds.Given(
            new ChatRequest
            {
                Model = default,
                Messages = [.. options.ConversationHistory, .. messages],
                Tools = options.Tools,
                ToolChoice = options.ToolChoice,
                ParallelToolCalls = options.ParallelToolCalls,
            }
        );
        var writer = new OpenAIConversationWriter(json, target);
        if (before > 0)
            writer.Write([.. all.Messages.Take(before)], "conversation_history");
        writer.Write([.. all.Messages.Skip(before)]);
        OpenAIToolWriter.WriteTools(json, all, target);
    }

    private static void WriteName(Utf8JsonWriter json, string? model, string? provider)
    {
        Write(json, "model", model);
        Write(json, "provider", provider);
    }

    private static void WriteParameters(Utf8JsonWriter json, CompletionOptions options)
    {
        DialectJson.Write(json, "temperature"u8, options.Temperature);
        DialectJson.Write(json, "top_p"u8, options.TopP);
        DialectJson.Write(json, "top_k"u8, options.TopK);
        DialectJson.Write(json, "max_tokens"u8, options.MaxTokens);
        DialectJson.Write(json, "presence_penalty"u8, options.PresencePenalty);
        DialectJson.Write(json, "frequency_penalty"u8, options.FrequencyPenalty);
        DialectJson.Write(json, "seed"u8, options.Seed);
        Write(json, "stop", options.Stop);
        Write(json, "reasoning_effort", options.ReasoningEffort);
        Write(json, "user", options.User);
    }

    /// <summary>What bears on the choice.</summary>
    private static void WriteChoice(Utf8JsonWriter json, CompletionOptions options)
    {
        Write(json, "task_type", options.TaskType);
        Write(json, "required_capabilities", options.RequiredCapabilities);
        Write(json, "strategy", options.Strategy);
        Write(json, "budget_remaining", options.BudgetRemaining);
        Write(json, "max_cost_usd", options.MaxCostUsd);
        DialectJson.Write(json, "max_latency_ms"u8, options.MaxLatencyMs);
        Write(json, "context", options.Context?.ToString().ToLowerInvariant());
        Write(json, "enable_fallback", options.EnableFallback);
        // An empty list says that there is to be none.
        if (options.Fallback is { } fallback)
            WriteList(json, "fallback", fallback);
        Write(json, "chain", options.Chain);
        Write(json, "prefer_low_latency", options.PreferLowLatency);
        Write(json, "prefer_local", options.PreferLocal);
        Write(json, "local_only", options.LocalOnly);
        if (options.Regions is { } regions)
            WriteList(json, "region", regions);
        if (options.Strict)
            json.WriteBoolean("strict"u8, true);
        Write(json, "user_tier", options.UserTier);
    }

    private static void WriteAccount(
        Utf8JsonWriter json,
        string? workspace,
        string? execution,
        IReadOnlyList<string> tags
    )
    {
        Write(json, "workspace_id", workspace);
        Write(json, "execution_id", execution);
        Write(json, "tags", tags);
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        json.WritePropertyName(name);
        JsonText.Of(value).WriteTo(json);
    }

    private static void Write(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
            json.WriteBoolean(name, known);
    }

    private static void Write(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
            WriteList(json, name, values);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            JsonText.Of(value).WriteTo(json);
        json.WriteEndArray();
    }
}
