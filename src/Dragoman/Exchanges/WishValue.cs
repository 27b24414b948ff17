using System.Globalization;
using System.Text.Json;

namespace Dragoman.Exchanges;

/// <summary>One wish as it came: a JSON value of the body, or a header's text, in which commas part a list.</summary>
internal readonly struct WishValue
{
    public const int MaxText = 256;
    public const int MaxItems = 32;

    private readonly JsonElement _json;
    private readonly string? _header;

    public WishValue(JsonElement json) => _json = json;

    public WishValue(string header) => _header = header.Trim();

    public bool IsNull => _header is null && _json.ValueKind == JsonValueKind.Null;

    public bool? AsFlag() =>
        _header is null
            ? _json.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            }
        : bool.TryParse(_header, out var flag) ? flag
        : null;

    public decimal? AsNumber()
    {
        if (_header is null)
            return _json.ValueKind == JsonValueKind.Number && _json.TryGetDecimal(out var number)
                ? number
                : null;
        return decimal.TryParse(
            _header,
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var said
        )
            ? said
            : null;
    }

    /// <summary>At most <paramref name="most"/> whole numbers from 0 on; null where it is something else.</summary>
    public IReadOnlyList<int>? AsPlaces(int most)
    {
        var places = new List<int>();
        if (_header is not null)
        {
            foreach (var item in _header.Split(',', StringSplitOptions.TrimEntries))
            {
                if (
                    !int.TryParse(
                        item,
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var place
                    )
                )
                    return null;
                places.Add(place);
            }
        }
        else if (_json.ValueKind != JsonValueKind.Array)
            return null;
        else
            foreach (var item in _json.EnumerateArray())
            {
                if (
                    item.ValueKind != JsonValueKind.Number
                    || !item.TryGetInt32(out var place)
                    || place < 0
                )
                    return null;
                places.Add(place);
            }
        return places.Count <= most ? places : null;
    }

    public string? AsText()
    {
        var text = _header ?? TextOf(_json);
        return text is { Length: > 0 and <= MaxText } ? text : null;
    }

    public IReadOnlyList<string>? AsTexts()
    {
        IEnumerable<string?> items;
        if (_header is not null)
            items = _header.Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            );
        else if (_json.ValueKind == JsonValueKind.Array)
            items = _json.EnumerateArray().Select(TextOf);
        else
            return null;

        var texts = new List<string>();
        foreach (var item in items)
        {
            if (item is not { Length: > 0 and <= MaxText } || texts.Count == MaxItems)
                return null;
            texts.Add(item);
        }
        return texts;
    }

    /// <summary>Null for what is no text, and for text with half a surrogate pair, which nobody could write down.</summary>
    private static string? TextOf(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
