using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dragoman.Storage.Sqlite;

/// <summary>Lists and pairs in a key's columns, as JSON.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class KeyColumns : JsonSerializerContext
{
    public static string Write(IReadOnlyList<string> list) =>
        JsonSerializer.Serialize(list, Default.IReadOnlyListString);

    public static string Write(IReadOnlyDictionary<string, string> pairs) =>
        JsonSerializer.Serialize(pairs, Default.IReadOnlyDictionaryStringString);

    public static IReadOnlyList<string> List(string json) =>
        JsonSerializer.Deserialize(json, Default.IReadOnlyListString)!;

    public static IReadOnlyDictionary<string, string> Pairs(string json) =>
        JsonSerializer.Deserialize(json, Default.DictionaryStringString)!;
}
