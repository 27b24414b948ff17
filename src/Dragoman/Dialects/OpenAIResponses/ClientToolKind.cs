using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>
/// A kind of tool that the client runs itself: functions, and those with shapes of their own, which any model can call as a
/// function all the same. Types and members after platform.openai.com, API reference, responses (seen 2026-11).
/// </summary>
internal sealed class ClientToolKind
{
    public static readonly ClientToolKind Function = new("function", "fc")
    {
        Call = "function_call",
        Output = "function_call_output",
        Member = "arguments",
    };

    /// <summary>Free text, perhaps after a grammar: as a function, one text.</summary>
    public static readonly ClientToolKind Custom = new("custom", "ctc")
    {
        Call = "custom_tool_call",
        Output = "custom_tool_call_output",
        Member = "input",
    };

    public static readonly ClientToolKind LocalShell = new("local_shell", "lsh")
    {
        Call = "local_shell_call",
        Output = "local_shell_call_output",
        Member = "action",
        Opening = "\"type\":\"exec\"",
        Description = "Runs a command on the user's machine and returns its output.",
        Parameters =
            """{"type":"object","properties":{"command":{"type":"array","items":{"type":"string"},"description":"The command and its arguments."},"working_directory":{"type":"string","description":"Where it runs."},"timeout_ms":{"type":"integer","description":"How long it may take, in milliseconds."},"env":{"type":"object","additionalProperties":{"type":"string"},"description":"Environment variables."}},"required":["command"]}""",
    };

    public static readonly ClientToolKind Shell = new("shell", "sh")
    {
        Call = "shell_call",
        Output = "shell_call_output",
        Member = "action",
        Description = "Runs shell commands on the user's machine and returns what each prints.",
        Parameters =
            """{"type":"object","properties":{"commands":{"type":"array","items":{"type":"string"},"description":"The command lines, run one after the other."},"timeout_ms":{"type":"integer","description":"How long they may take, in milliseconds."},"max_output_length":{"type":"integer","description":"The most characters of output to return."}},"required":["commands"]}""",
    };

    public static readonly ClientToolKind ApplyPatch = new("apply_patch", "apc")
    {
        Call = "apply_patch_call",
        Output = "apply_patch_call_output",
        Member = "operation",
        Description = "Creates, updates or deletes a file of the user's.",
        Parameters =
            """{"type":"object","properties":{"type":{"type":"string","enum":["create_file","update_file","delete_file"]},"path":{"type":"string","description":"The file."},"diff":{"type":"string","description":"What changes, as hunks of a V4A diff; for a new file its lines, each behind a +. Not for delete_file."}},"required":["type","path"]}""",
    };

    /// <summary>Searches for tools that are declared only once they are found; run by the client, or by OpenAI.</summary>
    public static readonly ClientToolKind ToolSearch = new("tool_search", "tsc")
    {
        Call = "tool_search_call",
        Output = "tool_search_output",
        Member = "arguments",
        Description = "Searches for further tools.",
        Parameters =
            """{"type":"object","properties":{"query":{"type":"string","description":"What the tool should do."}},"required":["query"]}""",
    };

    private static readonly ClientToolKind[] All =
    [
        Function,
        Custom,
        LocalShell,
        Shell,
        ApplyPatch,
        ToolSearch,
    ];

    private ClientToolKind(string type, string idPrefix) => (Type, IdPrefix) = (type, idPrefix);

    /// <summary>Its type among the tools; for those without a name also their name.</summary>
    public string Type { get; }

    /// <summary>What the ids of its calls begin with.</summary>
    public string IdPrefix { get; }

    /// <summary>The type of the item that calls it.</summary>
    public required string Call { get; init; }

    /// <summary>The type of the item with its result.</summary>
    public required string Output { get; init; }

    /// <summary>The member of the call that holds what a function's arguments say.</summary>
    public required string Member { get; init; }

    /// <summary>A member that the object in <see cref="Member"/> begins with, beside the arguments.</summary>
    public string? Opening { get; init; }

    /// <summary>What a model is told that knows it only as a function.</summary>
    public string Description { get; init; } = "";

    /// <summary>The schema of its arguments as a function.</summary>
    public string Parameters { get; init; } =
        """{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false}""";

    /// <summary>Its arguments are a string in the item, not an object.</summary>
    public bool IsText => this == Function || this == Custom;

    public static ClientToolKind? OfCall(JsonText type) =>
        Array.Find(All, kind => type.Is(System.Text.Encoding.UTF8.GetBytes(kind.Call)));

    public static ClientToolKind? OfOutput(JsonText type) =>
        Array.Find(All, kind => type.Is(System.Text.Encoding.UTF8.GetBytes(kind.Output)));

    public static ClientToolKind? OfTool(string type) => Array.Find(All, kind => kind.Type == type);

    /// <summary>The one name of a function that stands in a namespace, for dialects without namespaces.</summary>
    public static JsonText FlatName(JsonText space, JsonText name) =>
        // A function that a search found stands in a namespace of its own name.
        space.IsEmpty
        || space == name
            ? name
        : space.Escaped.Span.EndsWith("__"u8) ? JsonText.Join([space, name])
        : JsonText.Join([space, JsonText.Of("__"), name]);
}
