using System.Text.Json.Serialization;

namespace Dragoman.Administration;

/// <summary>A page of a list of the admin API.</summary>
/// <param name="Data">Its items, in the list's order.</param>
/// <param name="NextAfter">What to send as <c>after</c> for the next page; null on the last one.</param>
public sealed record AdminList<T>(
    [property: JsonPropertyName("data")] IReadOnlyList<T> Data,
    [property: JsonPropertyName("next_after")] string? NextAfter
);

/// <summary>A thing of the admin API with the mark of its version.</summary>
/// <param name="Value">The thing.</param>
/// <param name="ETag">To be sent as <c>If-Match</c> with a change; null where the server sent none.</param>
public sealed record AdminThing<T>(T Value, string? ETag);
