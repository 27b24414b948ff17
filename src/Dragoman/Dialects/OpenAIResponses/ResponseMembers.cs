using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>The members of a response object in a stream: a view into its bytes.</summary>
internal readonly ref struct ResponseMembers
{
    public ResponseMembers(ReadOnlySpan<byte> response)
    {
        var walk = new JsonWalk(response);
        while (walk.Next())
        {
            if (walk.IsText && walk.Is("id"u8))
                Id = walk.Text;
            else if (walk.IsText && walk.Is("model"u8))
                Model = walk.Text;
            else if (walk.IsText && walk.Is("status"u8))
                Status = walk.Text;
            else if (walk.IsText && walk.Is("service_tier"u8))
                ServiceTier = OpenAIServiceTier.Of(walk.Text);
            else if (walk.Is("created_at"u8))
                Created = walk.Integer ?? 0;
            else if (walk.IsList && walk.Is("output"u8))
                Output = walk.Value;
            else if (walk.IsObject && walk.Is("usage"u8))
                Usage = walk.Value;
            else if (walk.IsObject && walk.Is("incomplete_details"u8))
                Reason = ReasonOf(walk.Value);
        }
    }

    public ReadOnlySpan<byte> Id { get; }
    public ReadOnlySpan<byte> Model { get; }
    public ReadOnlySpan<byte> Status { get; }
    public ReadOnlySpan<byte> Reason { get; }
    public ReadOnlySpan<byte> Output { get; }
    public ReadOnlySpan<byte> Usage { get; }
    public long Created { get; }

    /// <summary>The tier it was served with, where that has prices of its own.</summary>
    public string? ServiceTier { get; }

    private static ReadOnlySpan<byte> ReasonOf(ReadOnlySpan<byte> details)
    {
        var walk = new JsonWalk(details);
        while (walk.Next())
        {
            if (walk.IsText && walk.Is("reason"u8))
                return walk.Text;
        }
        return default;
    }
}
