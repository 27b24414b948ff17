namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>What a request says about keeping: peeked without a full parse.</summary>
internal readonly record struct ResponseWants
{
    /// <summary>The answer it carries on from; null where it begins anew.</summary>
    public string? PreviousId { get; private init; }

    /// <summary>Its own answer may be kept: so it is unless it says no.</summary>
    public bool Store { get; private init; }

    /// <summary>It does not want to wait for the answer.</summary>
    public bool Background { get; private init; }

    /// <summary>It has tools that the client runs though they are no functions.</summary>
    public bool OwnTools { get; private init; }

    /// <summary>Reads a body that is sound JSON.</summary>
    public static ResponseWants Read(ReadOnlySpan<byte> body)
    {
        var wants = new ResponseWants { Store = true };
        var members = new JsonWalk(body);
        while (members.Next())
        {
            if (members.IsText && members.Is("previous_response_id"u8))
                wants = wants with { PreviousId = Canonical.JsonUnescape.ToText(members.Text) };
            else if (members.Is("store"u8))
                wants = wants with { Store = !members.Value.SequenceEqual("false"u8) };
            else if (members.Is("background"u8))
                wants = wants with { Background = members.Value.SequenceEqual("true"u8) };
            else if (members.IsList && members.Is("tools"u8))
                wants = wants with { OwnTools = HasOwnTools(members.Value) };
        }
        return wants;
    }

    private static bool HasOwnTools(ReadOnlySpan<byte> tools)
    {
        var items = new JsonWalk(tools);
        while (items.Next())
        {
            var members = new JsonWalk(items.IsObject ? items.Value : default);
            while (members.Next())
            {
                if (
                    members.IsText
                    && members.Is("type"u8)
                    && !members.Text.SequenceEqual("function"u8)
                    && (
                        members.Text.SequenceEqual("namespace"u8)
                        || ClientToolKind.OfTool(System.Text.Encoding.UTF8.GetString(members.Text))
                            is not null
                    )
                )
                    return true;
            }
        }
        return false;
    }
}
