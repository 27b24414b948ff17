namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>The members of an item in a stream: a view into its bytes.</summary>
internal readonly ref struct ItemMembers
{
    public ItemMembers(ReadOnlySpan<byte> item)
    {
        var walk = new JsonWalk(item);
        while (walk.Next())
        {
            if (walk.IsText)
            {
                if (walk.Is("type"u8))
                    Type = walk.Text;
                else if (walk.Is("id"u8))
                    Id = walk.Text;
                else if (walk.Is("call_id"u8))
                    CallId = walk.Text;
                else if (walk.Is("name"u8))
                    Name = walk.Text;
                else if (walk.Is("namespace"u8))
                    Space = walk.Text;
                else if (walk.Is("input"u8))
                    Input = walk.Text;
                else if (walk.Is("arguments"u8))
                    Arguments = walk.Value;
                else if (walk.Is("encrypted_content"u8))
                    Encrypted = walk.Text;
                else if (walk.Is("execution"u8))
                    IsHosted = walk.Text.SequenceEqual("server"u8);
            }
            else if (walk.IsList && walk.Is("content"u8))
                Content = walk.Value;
            else if (walk.IsList && walk.Is("summary"u8))
                Summary = walk.Value;
            else if (
                walk.IsObject
                && (walk.Is("arguments"u8) || walk.Is("action"u8) || walk.Is("operation"u8))
            )
                Arguments = walk.Value;
        }
    }

    public ReadOnlySpan<byte> Type { get; }
    public ReadOnlySpan<byte> Id { get; }
    public ReadOnlySpan<byte> CallId { get; }
    public ReadOnlySpan<byte> Name { get; }
    public ReadOnlySpan<byte> Space { get; }
    public ReadOnlySpan<byte> Input { get; }

    /// <summary>What a call's own member says: a string with its quotes, or an object.</summary>
    public ReadOnlySpan<byte> Arguments { get; }
    public ReadOnlySpan<byte> Encrypted { get; }
    public ReadOnlySpan<byte> Content { get; }
    public ReadOnlySpan<byte> Summary { get; }

    /// <summary>The provider runs it itself.</summary>
    public bool IsHosted { get; }
}
