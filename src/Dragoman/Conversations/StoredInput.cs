using System.Text.Json;

namespace Dragoman.Conversations;

/// <summary>A page of the items that an answer was made from.</summary>
public sealed class StoredInput
{
    private readonly IReadOnlyList<(string Id, byte[] Json)> _items;
    private readonly bool _hasMore;

    private StoredInput(IReadOnlyList<(string Id, byte[] Json)> items, bool hasMore) =>
        (_items, _hasMore) = (items, hasMore);

    /// <param name="turns">The turns up to the answer's own, the first one first.</param>
    /// <param name="newestFirst">The order of the list.</param>
    /// <param name="after">The last item of the page before; null or unknown begins the list.</param>
    /// <param name="limit">Items at most.</param>
    public static StoredInput Page(
        IReadOnlyList<StoredResponse> turns,
        bool newestFirst,
        string? after,
        int limit
    )
    {
        var items = ResponseItems.InputItems(turns);
        if (newestFirst)
            items.Reverse();
        var from = items.FindIndex(item => item.Id == after) + 1;
        return new StoredInput(
            [.. items.Skip(from).Take(limit)],
            hasMore: items.Count - from > limit
        );
    }

    /// <summary>Writes the list as OpenAI's API has it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var (_, item) in _items)
            json.WriteRawValue(item, skipInputValidation: true);
        json.WriteEndArray();
        json.WriteString("first_id"u8, _items.Count > 0 ? _items[0].Id : null);
        json.WriteString("last_id"u8, _items.Count > 0 ? _items[^1].Id : null);
        json.WriteBoolean("has_more"u8, _hasMore);
        json.WriteEndObject();
    }
}
