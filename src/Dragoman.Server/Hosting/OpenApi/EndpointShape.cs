using System.Text.Json.Serialization.Metadata;

namespace Dragoman.Server.Hosting.OpenApi;

/// <summary>What goes in and out at one operation, beyond what its row in the table of endpoints says.</summary>
internal sealed record EndpointShape
{
    public static readonly EndpointShape Unsaid = new();

    /// <summary>The body that is sent, where a type of ours stands for it.</summary>
    public JsonTypeInfo? Request { get; init; }

    /// <summary>The members of the body that is sent, where it is read member by member.</summary>
    public IReadOnlyList<string>? RequestMembers { get; init; }

    /// <summary>The answer.</summary>
    public JsonTypeInfo? Response { get; init; }

    /// <summary>Status of success; null is the method's usual one.</summary>
    public int? Status { get; init; }

    /// <summary>Media type of the answer.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Parameters of the query.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>The vendor's own reference, where the address speaks a vendor's dialect.</summary>
    public string? Reference { get; init; }

    /// <summary>It takes <c>If-Match</c>: true must have it, false may.</summary>
    public bool? IfMatch { get; init; }

    /// <summary>It takes no body, though it is posted.</summary>
    public bool IsBodyless { get; init; }
}
