using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>
/// Reads items into messages. What the model said between two turns of others (reasoning, messages, calls) is one message, and so
/// are the results that come together; each remembers its items as they came.
/// </summary>
internal sealed class ResponsesItemReader(bool isReply)
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;
    private const string Roles = "one of user, assistant, system, developer";

    private readonly List<Message> _messages = [];
    private readonly List<Part> _parts = [];
    private readonly List<RawField> _raw = [];
    private MessageRole? _role;
    private int _from;
    private RawJson _json;

    /// <summary>Reads the list the cursor stands on.</summary>
    public IReadOnlyList<Message> Read(ref JsonCursor json)
    {
        while (json.NextItem())
        {
            if (json.IsObject)
                ReadItem(ref json);
            else
                json.RefuseItem("an object: a message, or an item with a type");
        }
        Close();
        return _messages;
    }

    private void ReadItem(ref JsonCursor json)
    {
        var at = json.Offset;
        var type = ResponsesPartReader.TypeOf(json) ?? default;
        if (type.IsEmpty || type.Is("message"u8))
            ReadMessage(ref json, at);
        else if (type.Is("reasoning"u8))
        {
            Open(MessageRole.Assistant, at);
            ResponsesReasoningReader.Read(ref json, isReply, _parts);
        }
        else if (ClientToolKind.OfCall(type) is { } call && !IsHosted(json))
        {
            Open(MessageRole.Assistant, at);
            ReadCall(ref json, call, at);
        }
        else if (!isReply && ClientToolKind.OfOutput(type) is { } output && !IsHosted(json))
        {
            Open(MessageRole.Tool, at);
            _parts.Add(ResponsesOutputReader.Read(ref json, output, at));
        }
        else
        {
            Open(MessageRole.Assistant, at);
            _parts.Add(new RawPart(Dialect, type.ToString(), json.TakeJson()));
        }
        _json = json.TakenSince(_from);
    }

    /// <summary>A search for tools that OpenAI ran itself.</summary>
    private static bool IsHosted(JsonCursor ahead)
    {
        while (ahead.NextMember())
        {
            if (ahead.Is("execution"u8) && ahead.ValueIs("server"u8))
                return true;
            ahead.Skip();
        }
        return false;
    }

    private void ReadMessage(ref JsonCursor json, int at)
    {
        var raw = new RawFields(Dialect);
        var content = new List<Part>();
        MessageRole? role = isReply ? MessageRole.Assistant : null;
        var hasContent = false;
        while (json.NextMember())
        {
            if (json.Is("role"u8))
                role = Role(ref json, ref raw) ?? role;
            else if (json.Is("content"u8))
                hasContent = ResponsesPartReader.TryRead(ref json, ref raw, isReply, content);
            else if (json.IsNull || IsBookkeeping(json))
                json.Skip();
            else
                json.Carry(ref raw);
        }
        if (role is null)
            json.Missing("role", Roles, at);
        if (!hasContent)
            json.Missing("content", "a string or a list of parts", at);
        Open(role ?? MessageRole.User, at, isNew: role is not MessageRole.Assistant);
        _parts.AddRange(content);
        _raw.AddRange(raw.ToList());
    }

    /// <summary>Says nothing that another dialect would miss.</summary>
    private static bool IsBookkeeping(in JsonCursor json) =>
        json.Is("type"u8) || json.Is("id"u8) || json.Is("status"u8) || json.Is("phase"u8);

    private static MessageRole? Role(ref JsonCursor json, ref RawFields raw)
    {
        MessageRole? role =
            json.ValueIs("user"u8) ? MessageRole.User
            : json.ValueIs("assistant"u8) ? MessageRole.Assistant
            : json.ValueIs("system"u8) ? MessageRole.System
            : json.ValueIs("developer"u8) ? MessageRole.Developer
            : null;
        if (role is null)
            json.Refuse(ref raw, Roles);
        else
            json.Skip();
        return role;
    }

    private void ReadCall(ref JsonCursor json, ClientToolKind kind, int at)
    {
        var raw = new RawFields(Dialect);
        JsonText? id = null;
        JsonText? callId = null;
        JsonText name = default;
        JsonText space = default;
        var arguments = default(ToolArguments);
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Skip();
            else if (json.Is("call_id"u8))
                callId = json.Text(ref raw);
            else if (json.Is("id"u8))
                id = json.Text(ref raw);
            else if (json.Is("name"u8))
                name = json.Text(ref raw) ?? default;
            else if (json.Is("namespace"u8))
                space = json.Text(ref raw) ?? default;
            else if (json.Is(System.Text.Encoding.UTF8.GetBytes(kind.Member)))
                arguments = ResponsesCallArguments.Read(ref json, ref raw, kind);
            else if (IsBookkeeping(json) || json.Is("execution"u8))
                json.Skip();
            else
                json.Carry(ref raw);
        }
        if (name.IsEmpty && kind.IsText)
            json.Missing("name", "a string", at);
        _parts.Add(
            new ToolCallPart(
                name.IsEmpty ? JsonText.Of(kind.Type) : ClientToolKind.FlatName(space, name),
                arguments
            )
            {
                Id = callId ?? id,
                Raw = raw.ToList(),
            }
        );
    }

    private void Open(MessageRole role, int at, bool isNew = false)
    {
        if (_role == role && !isNew)
            return;
        Close();
        (_role, _from) = (role, at);
    }

    private void Close()
    {
        if (_role is not { } role)
            return;
        IReadOnlyList<Part> parts = [.. _parts];
        _messages.Add(
            new Message(role, parts)
            {
                IsBareText = IsBare(parts),
                Raw = _raw.Count == 0 ? [] : [.. _raw],
                Origin = new MessageOrigin(Dialect, _json, parts),
            }
        );
        _parts.Clear();
        _raw.Clear();
        _role = null;
    }

    /// <summary>One text, which every provider takes as a bare string, while not every one takes lists.</summary>
    private static bool IsBare(IReadOnlyList<Part> parts)
    {
        var texts = 0;
        foreach (var part in parts)
        {
            if (part is TextPart)
                texts++;
            else if (part is ToolResultPart { Content: not [TextPart] })
                return false;
        }
        return texts <= 1;
    }
}
