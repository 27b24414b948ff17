using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;

namespace Dragoman.Native;

/// <summary>What a body of <c>POST /api/llm/query</c> asks.</summary>
/// <param name="Chat">The conversation and its parameters; the model is the name that is asked for.</param>
/// <param name="Wishes">What bears on the choice.</param>
/// <param name="Stream">An answer piece by piece.</param>
internal sealed record Query(ChatRequest Chat, Wishes Wishes, bool Stream)
{
    /// <summary>The texts to embed; null where an answer is asked for.</summary>
    public IReadOnlyList<string>? Input { get; init; }

    /// <summary>The wanted length of each vector.</summary>
    public int? Dimensions { get; init; }
}

/// <summary>Reads a body of <c>POST /api/llm/query</c>: the native members here, messages and parameters as OpenAI's dialect has them.</summary>
internal sealed class QueryReader
{
    /// <summary>Members that mean what they mean in OpenAI's chat completions.</summary>
    private static readonly string[] Shared =
    [
        "temperature",
        "top_p",
        "top_k",
        "max_tokens",
        "max_completion_tokens",
        "presence_penalty",
        "frequency_penalty",
        "seed",
        "stop",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "response_format",
        "reasoning_effort",
        "user",
    ];

    private static readonly string[] Own =
    [
        "prompt",
        "messages",
        "system_prompt",
        "conversation_history",
        "model",
        "model_id",
        "provider",
        "force_model",
        "auto_select",
        "stream",
        "async",
        "enable_fallback",
        "budget_remaining",
        "input",
        "dimensions",
    ];

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private GatewayError? _error;

    private QueryReader() { }

    /// <param name="body">The body.</param>
    /// <param name="headers">The client's headers that carry wishes; they win.</param>
    /// <param name="query">What it asks; null where it is wrong.</param>
    /// <param name="error">What is wrong, naming the member.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        out Query? query,
        out GatewayError? error
    )
    {
        var reader = new QueryReader();
        try
        {
            using var json = JsonDocument.Parse(
                body,
                new JsonDocumentOptions { MaxDepth = JsonCursor.MaxDepth }
            );
            query = reader.Read(json.RootElement, headers);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            query = null;
            reader._error ??= new GatewayError(
                GatewayErrorKind.InvalidRequest,
                "The body is not valid JSON: send an object such as {\"prompt\": \"Hello\"}."
            )
            {
                Code = "invalid_json",
            };
        }
        error = reader._error;
        return error is null;
    }

    private Query? Read(JsonElement root, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return Fail("The body must be an object such as {\"prompt\": \"Hello\"}.", null);
        foreach (var member in root.EnumerateObject())
        {
            if (!IsKnown(member.Name))
                return Fail(Unknown(member.Name), member.Name);
            if (!_members.TryAdd(member.Name, member.Value))
                return Fail($"'{member.Name}' is said twice.", member.Name);
        }
        if (Flag("async") is true)
        {
            _error = new GatewayError(
                GatewayErrorKind.NotSupported,
                "'async' is not supported yet: leave it out, and stream the answer where it takes long."
            )
            {
                Code = "not_supported",
                Param = "async",
            };
            return null;
        }
        var wishes = Wishes(headers);
        var model = Model();
        if (_error is not null)
            return null;
        if (_members.ContainsKey("input"))
            return Embeddings(model, wishes);
        var stream = Flag("stream") ?? false;
        if (Chat(model) is not { } chat || _error is not null)
            return null;
        return new Query(chat, wishes, stream);
    }

    private Query? Embeddings(string model, Wishes wishes)
    {
        if (_members.ContainsKey("prompt") || _members.ContainsKey("messages"))
            return Fail("'input' asks for embeddings: leave 'prompt' and 'messages' out.", "input");
        if (_members.ContainsKey("stream") && Flag("stream") is true)
            return Fail("Embeddings are not streamed.", "stream");
        var input = _members["input"];
        IReadOnlyList<string?> texts = input.ValueKind switch
        {
            JsonValueKind.String => [input.GetString()],
            JsonValueKind.Array
                when input
                    .EnumerateArray()
                    .All(static item => item.ValueKind == JsonValueKind.String) =>
            [
                .. input.EnumerateArray().Select(static item => item.GetString()),
            ],
            _ => [],
        };
        if (texts.Count == 0)
            return Fail("'input' must be a text or a list of at least one text.", "input");
        var dimensions = Number("dimensions", least: 1, most: 65_536, "a whole number, 1 or more");
        return _error is not null
            ? null
            : new Query(
                new ChatRequest { Model = JsonText.Of(model), Messages = [] },
                wishes,
                Stream: false
            )
            {
                Input = texts!,
                Dimensions = (int?)dimensions,
            };
    }

    /// <summary>The name that is asked for.</summary>
    private string Model()
    {
        var (model, id) = (Text("model"), Text("model_id"));
        if (model is not null && id is not null && model != id)
            Fail("'model' and 'model_id' are the same: say one of them.", "model_id");
        // Some say which model, and beside it that it is the only one.
        var forced = Member("force_model")
            is { ValueKind: JsonValueKind.True or JsonValueKind.False }
            ? null
            : Text("force_model");
        var options = new CompletionOptions
        {
            Model = model ?? id,
            Provider = Text("provider"),
            ForceModel = forced,
            AutoSelect = Flag("auto_select"),
        };
        if (options.WhyNoName is { } wrong)
            Fail(wrong, "provider");
        return options.Name;
    }

    private bool IsForced =>
        Member("force_model") is { ValueKind: JsonValueKind.String or JsonValueKind.True }
        && Flag("auto_select") is not true;

    private Wishes Wishes(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var said = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(said))
        {
            json.WriteStartObject();
            foreach (var (name, value) in _members)
                if (WishesReader.Knows(name))
                {
                    json.WritePropertyName(name);
                    value.WriteTo(json);
                }
            json.WriteEndObject();
        }
        if (
            !WishesReader.TryRead(
                headers,
                said.WrittenMemory,
                out var wishes,
                out var wrong,
                prefix: ""
            )
        )
        {
            _error ??= wrong;
            return wishes;
        }
        var fallback = Flag("enable_fallback") ?? !IsForced;
        var budget = Amount("budget_remaining");
        return wishes with
        {
            Fallback = fallback ? wishes.Fallback : [],
            ComputesFallback = fallback,
            IsForced = IsForced,
            MaxCostUsd =
                budget is { } left && wishes.MaxCostUsd is { } most
                    ? Math.Min(left, most)
                    : budget ?? wishes.MaxCostUsd,
        };
    }

    /// <summary>The conversation, read as OpenAI's dialect reads one.</summary>
    private ChatRequest? Chat(string model)
    {
        var (prompt, messages) = (Member("prompt"), Member("messages"));
        if ((prompt is null) == (messages is null))
        {
            Fail(
                prompt is null
                    ? "Either 'prompt' (a text) or 'messages' (a list of {role, content}) must be said."
                    : "'prompt' and 'messages' exclude each other; earlier turns go into 'conversation_history'.",
                prompt is null ? "prompt" : "messages"
            );
            return null;
        }
        var before = 0;
        var written = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, model);
            json.WriteStartArray("messages"u8);
            before += WriteMessage(json, "system", "system_prompt");
            before += WriteMessages(json, "conversation_history");
            if (prompt is not null)
                WriteMessage(json, "user", "prompt");
            else
                WriteMessages(json, "messages");
            json.WriteEndArray();
            foreach (var name in Shared)
                if (Member(name) is { } value)
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), true);
                }
            json.WriteEndObject();
        }
        if (_error is not null)
            return null;
        if (OpenAIChatRequestReader.TryRead(written.WrittenMemory, out var chat, out var wrong))
            return chat;
        _error = Renamed(wrong!, before);
        return null;
    }

    /// <summary>A message of one text, byte for byte as it came; the number of messages it is.</summary>
    private int WriteMessage(Utf8JsonWriter json, string role, string name)
    {
        if (Member(name) is not { } text)
            return 0;
        if (text.ValueKind != JsonValueKind.String)
            Fail($"'{name}' must be a text.", name);
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WritePropertyName("content"u8);
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(text), true);
        json.WriteEndObject();
        return 1;
    }

    /// <summary>The number of messages there are.</summary>
    private int WriteMessages(Utf8JsonWriter json, string name)
    {
        if (Member(name) is not { } list)
            return 0;
        if (list.ValueKind != JsonValueKind.Array)
        {
            Fail($"'{name}' must be a list of messages, each {{role, content}}.", name);
            return 0;
        }
        foreach (var message in list.EnumerateArray())
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(message), true);
        return list.GetArrayLength();
    }

    /// <summary>What precedes the client's messages shifts their numbers in an error: it is told where it stands in its own body.</summary>
    private GatewayError Renamed(GatewayError error, int before)
    {
        const string Start = "messages[";
        if (
            before == 0
            || error.Param is not { } param
            || !param.StartsWith(Start, StringComparison.Ordinal)
        )
            return error;
        var end = param.IndexOf(']', StringComparison.Ordinal);
        if (
            end < 0
            || !int.TryParse(
                param.AsSpan(Start.Length, end - Start.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var index
            )
        )
            return error;
        var system = Member("system_prompt") is null ? 0 : 1;
        var own =
            index >= before
                ? string.Create(CultureInfo.InvariantCulture, $"messages[{index - before}]")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"conversation_history[{index - system}]"
                );
        var said = param[..(end + 1)];
        return error with
        {
            Param = own + param[(end + 1)..],
            Message = error.Message.Replace(said, own, StringComparison.Ordinal),
        };
    }

    private JsonElement? Member(string name) =>
        _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private string? Text(string name)
    {
        if (Member(name) is not { } value)
            return null;
        if (
            value.ValueKind == JsonValueKind.String
            && value.GetString() is { } text
            && text.Length > 0
        )
            return text;
        Fail($"'{name}' must be a text.", name);
        return null;
    }

    private bool? Flag(string name)
    {
        switch (Member(name)?.ValueKind)
        {
            case null:
                return null;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Fail($"'{name}' must be true or false.", name);
                return null;
        }
    }

    private decimal? Amount(string name)
    {
        if (Member(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var usd) && usd >= 0)
            return usd;
        Fail($"'{name}' must be a number of US dollars, 0 or more.", name);
        return null;
    }

    private long? Number(string name, long least, long most, string allowed)
    {
        if (Member(name) is not { } value)
            return null;
        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number)
            && number >= least
            && number <= most
        )
            return number;
        Fail($"'{name}' must be {allowed}.", name);
        return null;
    }

    private static bool IsKnown(string name) =>
        Own.Contains(name, StringComparer.Ordinal)
        || Shared.Contains(name, StringComparer.Ordinal)
        || WishesReader.Knows(name);

    private static string Unknown(string name)
    {
        string[] known = [.. Own, .. Shared, .. WishesReader.Names];
        var nearest = NearestName.Of(name, known);
        return $"'{name}' is not known here"
            + (nearest is null ? "" : $"; did you mean '{nearest}'?")
            + (nearest is null ? ". Known are: " : " Known are: ")
            + string.Join(", ", known.Distinct().Order(StringComparer.Ordinal))
            + ".";
    }

    private Query? Fail(string message, string? member)
    {
        _error ??= new GatewayError(GatewayErrorKind.InvalidRequest, message)
        {
            Code = "invalid_request",
            Param = member,
        };
        return null;
    }
}
