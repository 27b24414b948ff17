using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>A tool of the client as it is to be called: <paramref name="Name"/> in <paramref name="Space"/>, which is empty for most.</summary>
internal readonly record struct ClientTool(ClientToolKind Kind, JsonText Name, JsonText Space);

/// <summary>The tools of a request by the names of the functions they are to other dialects, so that calls come back in their own shape.</summary>
internal sealed class ClientTools
{
    private readonly Dictionary<string, ClientTool> _tools = new(StringComparer.Ordinal);

    /// <param name="request">The request's body; empty for none. It must be sound JSON.</param>
    public ClientTools(ReadOnlySpan<byte> request)
    {
        var members = new JsonWalk(request);
        while (members.Next())
        {
            if (members.IsList && members.Is("tools"u8))
                Add(members.Value, space: default);
            else if (members.IsList && members.Is("input"u8))
                AddFound(members.Value);
        }
    }

    /// <summary>How the function of that name, escaped, is called.</summary>
    public ClientTool Find(ReadOnlySpan<byte> function)
    {
        if (_tools.Count > 0 && _tools.TryGetValue(JsonUnescape.ToText(function), out var tool))
            return tool;
        return new ClientTool(
            ClientToolKind.Function,
            JsonText.FromEscaped(function.ToArray()),
            default
        );
    }

    private void Add(ReadOnlySpan<byte> tools, JsonText space)
    {
        var items = new JsonWalk(tools);
        while (items.Next())
        {
            if (!items.IsObject)
                continue;
            JsonText type = default;
            JsonText name = default;
            ReadOnlySpan<byte> inner = default;
            var members = new JsonWalk(items.Value);
            while (members.Next())
            {
                if (members.IsText && members.Is("type"u8))
                    type = JsonText.FromEscaped(members.Text.ToArray());
                else if (members.IsText && members.Is("name"u8))
                    name = JsonText.FromEscaped(members.Text.ToArray());
                else if (members.IsList && members.Is("tools"u8))
                    inner = members.Value;
            }
            if (type.Is("namespace"u8) && space.IsEmpty)
                Add(inner, name);
            else if (ClientToolKind.OfTool(type.ToString()) is { } kind)
            {
                var called = name.IsEmpty ? JsonText.Of(kind.Type) : name;
                _tools.TryAdd(
                    ClientToolKind.FlatName(space, called).ToString(),
                    new ClientTool(kind, called, space)
                );
            }
        }
    }

    /// <summary>Tools that an earlier search found.</summary>
    private void AddFound(ReadOnlySpan<byte> input)
    {
        if (input.IndexOf("\"tool_search_output\""u8) < 0)
            return;
        var items = new JsonWalk(input);
        while (items.Next())
        {
            var members = new JsonWalk(items.IsObject ? items.Value : default);
            while (members.Next())
            {
                if (members.IsList && members.Is("tools"u8))
                    Add(members.Value, space: default);
            }
        }
    }
}
