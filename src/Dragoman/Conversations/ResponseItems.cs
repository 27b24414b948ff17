using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects;

namespace Dragoman.Conversations;

/// <summary>The items in requests and answers of OpenAI's responses, as they are kept and put together again.</summary>
internal static class ResponseItems
{
    /// <summary>The id that an answer of our own has, by its exchange.</summary>
    public static string OwnId(string exchangeId) => "resp_" + exchangeId;

    /// <summary>The id of a response object; empty where it has none.</summary>
    public static string IdOf(ReadOnlySpan<byte> response)
    {
        var members = new JsonWalk(response);
        while (members.Next())
        {
            if (members.IsText && members.Is("id"u8))
                return JsonUnescape.ToText(members.Text);
        }
        return "";
    }

    /// <summary>What a request asks in this turn, as a list of items.</summary>
    public static byte[] InputOf(ReadOnlySpan<byte> request)
    {
        var input = Member(request, "input"u8);
        if (input.IsEmpty || input[0] is not ((byte)'"' or (byte)'['))
            return "[]"u8.ToArray();
        return input[0] == (byte)'['
            ? input.ToArray()
            : [.. "[{\"type\":\"message\",\"role\":\"user\",\"content\":"u8, .. input, .. "}]"u8];
    }

    /// <summary>The output of a response object, a list of items; empty where there is none.</summary>
    public static ReadOnlySpan<byte> OutputOf(ReadOnlySpan<byte> response) =>
        Member(response, "output"u8);

    /// <summary>A request with the turns before it among its input, and no longer naming them.</summary>
    /// <param name="request">The client's body.</param>
    /// <param name="turns">The turns before, the first one first.</param>
    public static byte[] Expand(ReadOnlySpan<byte> request, IEnumerable<StoredResponse> turns)
    {
        var body = new ArrayBufferWriter<byte>(request.Length + 1024);
        body.Write("{"u8);
        var members = new JsonWalk(request);
        while (members.Next())
        {
            if (members.Is("previous_response_id"u8) || members.Is("input"u8))
                continue;
            body.Write("\""u8);
            body.Write(members.Name);
            body.Write("\":"u8);
            body.Write(members.Value);
            body.Write(","u8);
        }
        body.Write("\"input\":["u8);
        var isFirst = true;
        foreach (var turn in turns)
        {
            Append(body, turn.Input.Span, ref isFirst);
            Append(body, OutputOf(turn.Response.Span), ref isFirst);
        }
        Append(body, InputOf(request), ref isFirst);
        body.Write("]}"u8);
        return body.WrittenSpan.ToArray();
    }

    /// <summary>All items that an answer was made from, each with an id, as a list is shown of them.</summary>
    /// <param name="turns">The turns up to the answer's own, the first one first.</param>
    public static List<(string Id, byte[] Json)> InputItems(IReadOnlyList<StoredResponse> turns)
    {
        var items = new List<(string, byte[])>();
        for (var i = 0; i < turns.Count; i++)
        {
            Add(turns[i].Input.Span);
            if (i < turns.Count - 1)
                Add(OutputOf(turns[i].Response.Span));
        }
        return items;

        void Add(ReadOnlySpan<byte> list)
        {
            var walk = new JsonWalk(list);
            while (walk.Next())
            {
                if (!walk.IsObject)
                    continue;
                var id = IdOf(walk.Value);
                var given =
                    $"item_{turns[^1].Id.Replace("resp_", "", StringComparison.Ordinal)}_{items.Count}";
                items.Add(
                    id.Length > 0 ? (id, walk.Value.ToArray()) : (given, WithId(walk.Value, given))
                );
            }
        }
    }

    private static byte[] WithId(ReadOnlySpan<byte> item, string id)
    {
        var json = new ArrayBufferWriter<byte>(item.Length + 64);
        json.Write("{\"id\":\""u8);
        Encoding.UTF8.GetBytes(id, json);
        json.Write("\""u8);
        var hasType = false;
        var members = new JsonWalk(item);
        while (members.Next())
        {
            hasType |= members.Is("type"u8);
            if (members.Is("id"u8))
                continue;
            json.Write(",\""u8);
            json.Write(members.Name);
            json.Write("\":"u8);
            if (members.IsText && members.Is("content"u8))
            {
                json.Write("[{\"type\":\"input_text\",\"text\":"u8);
                json.Write(members.Value);
                json.Write("}]"u8);
            }
            else
                json.Write(members.Value);
        }
        if (!hasType)
            json.Write(",\"type\":\"message\""u8);
        json.Write("}"u8);
        return json.WrittenSpan.ToArray();
    }

    private static void Append(
        ArrayBufferWriter<byte> body,
        ReadOnlySpan<byte> list,
        ref bool isFirst
    )
    {
        var items = new JsonWalk(list);
        while (items.Next())
        {
            if (!isFirst)
                body.Write(","u8);
            isFirst = false;
            body.Write(items.Value);
        }
    }

    private static ReadOnlySpan<byte> Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var members = new JsonWalk(json);
        while (members.Next())
        {
            if (members.Is(name))
                return members.Value;
        }
        return default;
    }
}
