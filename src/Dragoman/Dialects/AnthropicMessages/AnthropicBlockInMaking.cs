using System.Buffers;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// A block of a kind that is carried whole, while its deltas come in: a server tool's input is JSON text cut anywhere, any other
/// text or list goes on where the last one ended, and what else comes replaces what was there.
/// </summary>
internal sealed class AnthropicBlockInMaking(ReadOnlySpan<byte> start)
{
    private readonly byte[] _start = start.ToArray();
    private readonly ArrayBufferWriter<byte> _input = new();
    private readonly List<(string Name, byte[] Value)> _members = [];

    /// <summary>The block as its start told it.</summary>
    public ReadOnlySpan<byte> Start => _start;

    public void Add(ReadOnlySpan<byte> delta)
    {
        var members = new JsonWalk(delta);
        while (members.Next())
        {
            if (members.IsText && members.Is("partial_json"u8))
                _input.Write(members.Text);
            else if (!members.Is("type"u8) && !members.IsNull)
                Add(JsonUnescape.ToText(members.Name), members.Value);
        }
    }

    /// <summary>The whole block.</summary>
    public byte[] Build()
    {
        var input = Encoding.UTF8.GetBytes(JsonUnescape.ToText(_input.WrittenSpan));
        // Input that is no JSON, for it was cut, cannot be shown as such.
        if (_members.Count == 0 && (input.Length == 0 || !IsJson(input)))
            return _start;
        var output = new ArrayBufferWriter<byte>(_start.Length + input.Length);
        using (var json = DialectJson.NewWriter(output))
        {
            json.WriteStartObject();
            var members = new JsonWalk(_start);
            while (members.Next())
            {
                var name = JsonUnescape.ToText(members.Name);
                if (name == "input" && input.Length > 0 && IsJson(input))
                    continue;
                if (_members.Exists(member => member.Name == name))
                    continue;
                AnthropicJson.WriteMember(json, members);
            }
            foreach (var (name, value) in _members)
                AnthropicJson.WriteMember(json, name, value);
            if (input.Length > 0 && IsJson(input))
            {
                json.WritePropertyName("input"u8);
                json.WriteRawValue(input, skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    private void Add(string name, ReadOnlySpan<byte> value)
    {
        var known = _members.FindIndex(member => member.Name == name);
        ReadOnlySpan<byte> before =
            known >= 0
                ? _members[known].Value
                : AnthropicJson.Member(_start, Encoding.UTF8.GetBytes(name));
        var joined = Join(before, value);
        if (known >= 0)
            _members[known] = (name, joined);
        else
            _members.Add((name, joined));
    }

    private static byte[] Join(ReadOnlySpan<byte> before, ReadOnlySpan<byte> next)
    {
        if (before.Length > 2 && next.Length > 2 && before[0] == next[0])
        {
            if (next[0] == (byte)'"')
                return [.. before[..^1], .. next[1..]];
            if (next[0] == (byte)'[')
                return [.. before[..^1], (byte)',', .. next[1..]];
        }
        return next.ToArray();
    }

    private static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
