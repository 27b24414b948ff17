using System.Globalization;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>The tools of a request as functions, for models behind other dialects.</summary>
internal sealed class ResponsesForeignTools
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    private readonly List<ToolDefinition> _tools = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ResponsesForeignTools(ChatRequest request, Losses losses)
    {
        for (var i = 0; i < request.Tools.Count; i++)
        {
            if (request.Tools[i] is RawTool raw && raw.Dialect == Dialect)
                Say(raw, i, request, losses);
            else
                Add(request.Tools[i]);
        }
        Choice = Say(request.ToolChoice);
    }

    /// <summary>What is left of them.</summary>
    public IReadOnlyList<ToolDefinition> Tools => _tools;

    /// <summary>The choice among them.</summary>
    public ToolChoice? Choice { get; }

    /// <summary>Tools that an earlier search found may be called from then on.</summary>
    public void LearnFrom(Message message)
    {
        if (message.AsCame(Dialect) is not { IsEmpty: false } items)
            return;
        if (items.Utf8.Span.IndexOf("tool_search_output"u8) < 0)
            return;
        var walk = new JsonWalk([(byte)'[', .. items.Utf8.Span, (byte)']']);
        while (walk.Next())
        {
            if (!walk.IsObject)
                continue;
            var members = new JsonWalk(walk.Value);
            while (members.Next())
            {
                if (members.IsList && members.Is("tools"u8))
                    AddAll(members.Value, space: default);
            }
        }
    }

    private void Say(RawTool tool, int index, ChatRequest request, Losses losses)
    {
        var members = new Members(tool.Json);
        if (tool.Type == "namespace")
            AddAll(members.Tools.Utf8.Span, members.Name);
        else if (ClientToolKind.OfTool(tool.Type) is { } kind && !members.IsHosted)
            Add(ToFunction(kind, members));
        else if (IsDispensable(tool) && !IsDemanded(tool, request))
            losses.Add(
                string.Create(CultureInfo.InvariantCulture, $"tools[{index}] ({tool.Type})")
            );
        else
            losses.Refuse(
                $"the tool {tool.Type} is run by the provider itself, and this one is not spoken to in the dialect that has it; a provider that speaks {Dialect} (OpenAI, for one) could serve it"
            );
    }

    /// <summary>
    /// Coding agents declare a web search whether it is needed or not: what they do goes on without it, unless it is called for.
    /// A search for tools is not missed where all of them are declared.
    /// </summary>
    private static bool IsDispensable(RawTool tool) =>
        tool.Type.StartsWith("web_search", StringComparison.Ordinal)
        || tool.Type == ClientToolKind.ToolSearch.Type;

    /// <summary>The choice names it, or some tool must be called and there is no other.</summary>
    private static bool IsDemanded(RawTool tool, ChatRequest request) =>
        request.ToolChoice is { Mode: ToolChoiceMode.Required } && request.Tools.Count == 1
        || request.ToolChoice is { Mode: ToolChoiceMode.Raw } choice
            && choice.Json.ToString().Contains($"\"{tool.Type}\"", StringComparison.Ordinal);

    private static FunctionTool ToFunction(ClientToolKind kind, in Members members)
    {
        var description = members.Description;
        if (description.IsEmpty)
            description = JsonText.Of(kind.Description);
        if (members.Grammar is { Length: > 0 } grammar)
            description = JsonText.Join([description, JsonText.Of(grammar)]);
        return new FunctionTool(members.Name.IsEmpty ? JsonText.Of(kind.Type) : members.Name)
        {
            Description = description.IsEmpty ? null : description,
            Parameters = members.Parameters.IsEmpty
                ? RawJson.Of(kind.Parameters)
                : members.Parameters,
        };
    }

    private void AddAll(ReadOnlySpan<byte> tools, JsonText space)
    {
        var items = new JsonWalk(tools);
        while (items.Next())
        {
            if (!items.IsObject)
                continue;
            var members = new Members(new RawJson(items.Value.ToArray()));
            if (members.Type.Is("namespace"u8) && space.IsEmpty)
                AddAll(members.Tools.Utf8.Span, members.Name);
            else if (ClientToolKind.OfTool(members.Type.ToString()) is { } kind)
            {
                var tool =
                    kind == ClientToolKind.Function
                        ? members.ToFunction()
                        : ToFunction(kind, members);
                Add(tool with { Name = ClientToolKind.FlatName(space, tool.Name) });
            }
        }
    }

    private void Add(ToolDefinition tool)
    {
        if (tool is not FunctionTool function)
            _tools.Add(tool);
        else if (_names.Add(function.Name.ToString()))
            // OpenAI's hint to leave a tool out until a search finds it; what it names is declared all the same.
            _tools.Add(
                function with
                {
                    Raw =
                    [
                        .. function.Raw.Where(static field => !field.Name.Is("defer_loading"u8)),
                    ],
                }
            );
    }

    /// <summary>A choice that names a tool of the client's names its function.</summary>
    private ToolChoice? Say(ToolChoice? choice)
    {
        if (choice is not { Mode: ToolChoiceMode.Raw } || choice.Dialect != Dialect)
            return choice;
        var members = new Members(choice.Json);
        var name = members.Name.IsEmpty ? members.Type : members.Name;
        if (_names.Contains(name.ToString()))
            return new ToolChoice(ToolChoiceMode.Function) { Name = name };
        if (!members.Type.Is("allowed_tools"u8))
            return choice;
        var allowed = new List<JsonText>();
        var items = new JsonWalk(members.Tools.Utf8.Span);
        while (items.Next())
        {
            var item = new Members(new RawJson(items.Value.ToArray()));
            allowed.Add(item.Name.IsEmpty ? item.Type : item.Name);
        }
        return new ToolChoice(
            members.Mode.Is("required"u8) ? ToolChoiceMode.Required : ToolChoiceMode.Auto
        )
        {
            Allowed = [.. allowed.Where(name => _names.Contains(name.ToString()))],
        };
    }

    /// <summary>What may stand in a tool, or in a choice.</summary>
    private readonly struct Members
    {
        public Members(RawJson json)
        {
            var walk = new JsonWalk(json.Utf8.Span);
            while (walk.Next())
            {
                if (walk.IsText && walk.Is("name"u8))
                    Name = Text(walk);
                else if (walk.IsText && walk.Is("type"u8))
                    Type = Text(walk);
                else if (walk.IsText && walk.Is("mode"u8))
                    Mode = Text(walk);
                else if (walk.IsText && walk.Is("description"u8))
                    Description = Text(walk);
                else if (walk.IsObject && walk.Is("parameters"u8))
                    Parameters = new RawJson(walk.Value.ToArray());
                else if (walk.IsList && walk.Is("tools"u8))
                    Tools = new RawJson(walk.Value.ToArray());
                else if (walk.Is("execution"u8))
                    IsHosted |= walk.IsText && walk.Text.SequenceEqual("server"u8);
                else if (walk.IsObject && walk.Is("environment"u8))
                    // Containers are OpenAI's; the client's own machine is "local".
                    IsHosted |= walk.Value.IndexOf("container"u8) >= 0;
                else if (walk.IsObject && walk.Is("format"u8))
                    Grammar = GrammarOf(walk.Value);
            }
            // Without a word on it OpenAI searches itself.
            IsHosted |= Type.Is("tool_search"u8) && json.Utf8.Span.IndexOf("\"execution\""u8) < 0;
        }

        public JsonText Name { get; }
        public JsonText Type { get; }
        public JsonText Mode { get; }
        public JsonText Description { get; }
        public RawJson Parameters { get; }
        public RawJson Tools { get; }

        /// <summary>The provider runs it.</summary>
        public bool IsHosted { get; }

        /// <summary>What a custom tool's input must look like, in words; null where it is any text.</summary>
        public string? Grammar { get; }

        public FunctionTool ToFunction() =>
            new(Name)
            {
                Description = Description.IsEmpty ? null : Description,
                Parameters = Parameters,
            };

        private static JsonText Text(in JsonWalk walk) => JsonText.FromEscaped(walk.Text.ToArray());

        private static string? GrammarOf(ReadOnlySpan<byte> format)
        {
            string? definition = null;
            var syntax = "";
            var walk = new JsonWalk(format);
            while (walk.Next())
            {
                if (walk.IsText && walk.Is("definition"u8))
                    definition = JsonUnescape.ToText(walk.Text);
                else if (walk.IsText && walk.Is("syntax"u8))
                    syntax = JsonUnescape.ToText(walk.Text);
            }
            return definition is null
                ? null
                : new StringBuilder("\n\nThe input must follow this ")
                    .Append(syntax)
                    .Append(" grammar:\n")
                    .Append(definition)
                    .ToString();
        }
    }
}
