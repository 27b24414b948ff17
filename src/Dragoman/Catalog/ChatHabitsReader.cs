using System.Collections.Frozen;
using System.Text.Json;

namespace Dragoman.Catalog;

/// <summary>Reads the object <c>chat</c> of an entry of <c>providers.json</c>.</summary>
internal static class ChatHabitsReader
{
    private static readonly string[] Known =
    [
        "refuses",
        "reasoningRefuses",
        "names",
        "refusesParts",
        "maxStop",
        "reasoning",
        "reasoningReturn",
        "toolIdLength",
        "cacheControl",
        "schemas",
        "textAsString",
    ];

    /// <summary>The habits an entry tells of; throws <see cref="JsonException"/> on a word that nobody reads.</summary>
    public static ChatHabits Read(JsonElement row)
    {
        if (!row.TryGetProperty("chat"u8, out var chat))
            return ChatHabits.Usual;
        foreach (var member in chat.EnumerateObject())
        {
            if (!Known.Contains(member.Name, StringComparer.Ordinal))
                throw new JsonException($"unknown habit: {member.Name}");
        }
        return new ChatHabits
        {
            Refuses = JsonFacts.Texts(chat, "refuses"u8) ?? [],
            ReasoningRefuses = JsonFacts.Texts(chat, "reasoningRefuses"u8) ?? [],
            Names = chat.TryGetProperty("names"u8, out var names)
                ? names
                    .EnumerateObject()
                    .ToFrozenDictionary(
                        static name => name.Name,
                        static name => name.Value.GetString()!,
                        StringComparer.Ordinal
                    )
                : ChatHabits.Usual.Names,
            RefusesParts = JsonFacts.Texts(chat, "refusesParts"u8) ?? [],
            MaxStop = Number(chat, "maxStop"u8),
            Reasoning = Word<ReasoningWish>(chat, "reasoning"u8),
            ReasoningReturn = Word<ReasoningReturn>(chat, "reasoningReturn"u8),
            ToolIdLength = Number(chat, "toolIdLength"u8),
            CacheControl = JsonFacts.Flag(chat, "cacheControl"u8) ?? false,
            Schemas = Word<SchemaSupport>(chat, "schemas"u8),
            TextAsString = JsonFacts.Flag(chat, "textAsString"u8) ?? false,
        };
    }

    private static int? Number(JsonElement chat, ReadOnlySpan<byte> name) =>
        chat.TryGetProperty(name, out var value) ? value.GetInt32() : null;

    /// <summary>An enumeration's name in camel case; its first value where nothing is said.</summary>
    private static T Word<T>(JsonElement chat, ReadOnlySpan<byte> name)
        where T : struct, Enum
    {
        if (JsonFacts.Text(chat, name) is not { } word)
            return default;
        foreach (var value in Enum.GetValues<T>())
        {
            if (JsonNamingPolicy.CamelCase.ConvertName(value.ToString()) == word)
                return value;
        }
        throw new JsonException($"unknown habit of {typeof(T).Name}: {word}");
    }
}
