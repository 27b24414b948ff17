using System.Text;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Misbehaviour;

/// <summary>What becomes of the events of a sound stream.</summary>
internal static class StreamTwists
{
    private const int Megabyte = 1024 * 1024;
    private const int Huge = 17 * Megabyte;

    private static readonly ApiError Failure = new(
        500,
        "Simulated: the answer broke off.",
        "server_error"
    );

    private static readonly ApiError Overload = new(529, "Overloaded", "overloaded_error");

    public static List<StreamEvent> Nothing(List<StreamEvent> sound) => [];

    public static List<StreamEvent> DoneOnly(List<StreamEvent> sound) => [new(EventKind.Done)];

    public static List<StreamEvent> RoleOnly(List<StreamEvent> sound) => [sound[0]];

    public static List<StreamEvent> CommentsOnly(List<StreamEvent> sound) =>
        [new(EventKind.Comments)];

    public static List<StreamEvent> ErrorFirst(List<StreamEvent> sound) => [Error];

    public static List<StreamEvent> ErrorAmid(List<StreamEvent> sound) =>
        [.. FirstHalf(sound), Error];

    // Seen at Groq (recorded 2024-2026).
    public static List<StreamEvent> NamedErrorAmid(List<StreamEvent> sound) =>
        [
            .. FirstHalf(sound),
            StreamEvent.Raw($"event: error\ndata: {Encoding.UTF8.GetString(Failure.ToJson())}\n\n"),
        ];

    // Seen at OpenRouter (recorded 2025-2026).
    public static List<StreamEvent> ErrorAfterFinish(List<StreamEvent> sound)
    {
        var chunk = Json.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", "chatcmpl-simulated");
            json.WriteString("object", "chat.completion.chunk");
            json.WriteStartObject("error");
            Failure.WriteFields(json);
            json.WriteEndObject();
            json.WriteStartArray("choices");
            json.WriteRawValue(
                """{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"error"}"""
            );
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return
        [
            .. sound.TakeWhile(item => item.Kind is not (EventKind.Usage or EventKind.Done)),
            StreamEvent.Raw($"data: {Encoding.UTF8.GetString(chunk)}\n\n"),
            new(EventKind.Done),
        ];
    }

    /// <summary>Half of the answer, then an overload.</summary>
    public static List<StreamEvent> OverloadAmid(List<StreamEvent> sound) =>
        [.. FirstHalf(sound), new(EventKind.Error) { Failure = Overload }];

    /// <summary>Half of the answer, then the whole of it said to have failed.</summary>
    public static List<StreamEvent> FailedAmid(List<StreamEvent> sound) =>
        [.. FirstHalf(sound), new(EventKind.Failed) { Failure = Failure }];

    /// <summary>All of the content, and then nothing that ends it.</summary>
    public static List<StreamEvent> NoFinish(List<StreamEvent> sound) =>
        [
            .. sound.Where(item =>
                item.Kind is not (EventKind.Finish or EventKind.Usage or EventKind.Done)
            ),
        ];

    public static List<StreamEvent> UnknownEvent(List<StreamEvent> sound) =>
        Amid(
            sound,
            StreamEvent.Raw(
                "event: simulated_event\ndata: {\"type\":\"simulated_event\",\"nested\":{\"a\":[1]}}\n\n"
            )
        );

    public static List<StreamEvent> Pings(List<StreamEvent> sound) =>
        [.. sound.SelectMany(item => new[] { item, new(EventKind.Ping) })];

    public static List<StreamEvent> Cut(List<StreamEvent> sound) =>
        [.. FirstHalf(sound), new(EventKind.Reset)];

    public static List<StreamEvent> CutClean(List<StreamEvent> sound) => FirstHalf(sound);

    public static List<StreamEvent> Stall(List<StreamEvent> sound) =>
        [.. FirstHalf(sound), new(EventKind.Hang)];

    public static List<StreamEvent> TruncatedJson(List<StreamEvent> sound) =>
        [.. FirstHalf(sound), new(EventKind.Truncated)];

    public static List<StreamEvent> NoDone(List<StreamEvent> sound) =>
        [.. sound.Where(item => item.Kind != EventKind.Done)];

    public static List<StreamEvent> MalformedChunk(List<StreamEvent> sound) =>
        Amid(sound, new(EventKind.Malformed));

    public static List<StreamEvent> BigChunk(List<StreamEvent> sound) =>
        Amid(sound, new(EventKind.Text) { Text = new string('b', Megabyte) });

    public static List<StreamEvent> HugeLine(List<StreamEvent> sound) =>
        Amid(sound, new(EventKind.Text) { Text = new string('h', Huge) });

    public static List<StreamEvent> Comments(List<StreamEvent> sound) =>
        [.. sound.SelectMany(item => new[] { StreamEvent.Raw(": simulated comment\n\n"), item })];

    /// <summary>Each pair is torn: one delta ends with its first half, the next begins with its second.</summary>
    public static List<StreamEvent> HalfSurrogates(List<StreamEvent> sound)
    {
        var torn = new List<StreamEvent>();
        foreach (var item in sound)
        {
            var start = 0;
            for (var at = 0; item.Kind == EventKind.Text && at < item.Text.Length; at++)
            {
                if (!char.IsHighSurrogate(item.Text[at]))
                    continue;
                torn.Add(item with { Text = item.Text[start..(at + 1)] });
                start = at + 1;
            }
            torn.Add(item with { Text = item.Text[start..] });
        }
        return torn;
    }

    private static StreamEvent Error { get; } = new(EventKind.Error) { Failure = Failure };

    private static List<StreamEvent> Amid(List<StreamEvent> sound, StreamEvent extra)
    {
        var half = HalfWay(sound);
        return [.. sound.Take(half), extra, .. sound.Skip(half)];
    }

    private static List<StreamEvent> FirstHalf(List<StreamEvent> sound) => sound[..HalfWay(sound)];

    /// <summary>Where half of the deltas, and one at least, have been sent.</summary>
    private static int HalfWay(List<StreamEvent> sound)
    {
        var wanted = Math.Max(1, sound.Count(item => item.IsDelta) / 2);
        var at = 0;
        for (; at < sound.Count && wanted > 0; at++)
        {
            if (sound[at].IsDelta)
                wanted--;
        }
        return at;
    }
}
