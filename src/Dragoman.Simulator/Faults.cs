using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Misbehaviour;

namespace Dragoman.Simulator;

/// <summary>The table of everything a simulated provider can do wrong. Unless a line says otherwise, what is not named is sound.</summary>
public static class Faults
{
    private const SimulatedDialect OpenAIs =
        SimulatedDialect.OpenAIChat | SimulatedDialect.AzureOpenAI;

    // Those whose streams end with an event that says nothing else.
    private const SimulatedDialect Terminated =
        SimulatedDialect.All & ~(SimulatedDialect.Gemini | SimulatedDialect.Ollama);

    // Those that stream server-sent events.
    private const SimulatedDialect Events = SimulatedDialect.All & ~SimulatedDialect.Ollama;

    private const string Foreign = " Größe, naïveté, 東京, 🙂🎈👩‍🚀.";

    /// <summary>Every fault, by subject.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("none", "answers soundly: a place in a script"),
        // Errors of the provider.
        new("500", "always answers 500") { Instead = Refusals.ServerError },
        new("500-once", "answers 500 the first time")
        {
            Once = true,
            Instead = Refusals.ServerError,
        },
        new("503", "always answers 503") { Instead = Refusals.Unavailable },
        new("529", "always answers 529, overloaded") { Instead = Refusals.Overloaded },
        new("408-once", "answers 408 the first time")
        {
            Once = true,
            Instead = Refusals.RequestTimeout,
        },
        // Rate limits.
        new("429", "always answers 429 with Retry-After: 1")
        {
            Instead = Refusals.Limited("Retry-After", "1"),
        },
        new("429-once", "answers 429 with Retry-After: 1 the first time")
        {
            Once = true,
            Instead = Refusals.Limited("Retry-After", "1"),
        },
        new("429-long", "always answers 429 with Retry-After: 60")
        {
            Instead = Refusals.Limited("Retry-After", "60"),
        },
        new("429-ms", "answers 429 with retry-after-ms: 200 the first time")
        {
            Once = true,
            Instead = Refusals.Limited("retry-after-ms", "200"),
        },
        new("429-date", "always answers 429 with Retry-After as a date one to two seconds ahead")
        {
            Instead = Refusals.LimitedUntilDate,
        },
        new("429-silent", "always answers 429 without a word about when")
        {
            Instead = Refusals.Limited(),
        },
        new("429-silent-once", "answers 429 without a word about when the first time")
        {
            Once = true,
            Instead = Refusals.Limited(),
        },
        new("429-retryinfo", "always answers 429 with Google's RetryInfo of one second in the body")
        {
            In = SimulatedDialect.OpenAIChat | SimulatedDialect.Gemini,
            Instead = Refusals.LimitedByRetryInfo,
        },
        // Refusals.
        new("400", "answers 400: a bad request") { Instead = Refusals.BadRequest },
        new("401", "answers 401: the key is not known") { Instead = Refusals.WrongKey },
        new("402", "answers 402: the account is empty") { Instead = Refusals.NoCredit },
        new("403", "answers 403: the key may not use the model") { Instead = Refusals.Forbidden },
        new("404", "answers 404: no such model") { Instead = Refusals.NoSuchModel },
        new("quota", "answers 429 insufficient_quota") { Instead = Refusals.NoQuota },
        new("context", "answers 400 context_length_exceeded") { Instead = Refusals.TooLong },
        new("filter", "answers 400 content_filter") { Instead = Refusals.Filtered },
        new("refuses-stream-options", "answers 400 naming stream_options where the request has it")
        {
            In = OpenAIs,
            Instead = Refusals.StreamOptions,
        },
        new("redirect", "answers 302 to another host") { Instead = Refusals.Redirect },
        // Errors under a 200.
        new("error-in-200", "answers 200 with an error as its JSON body, streamed or not")
        {
            Instead = Refusals.ErrorIn200,
        },
        new("not-json", "answers 200 with a page of HTML, streamed or not")
        {
            Instead = Refusals.Html,
        },
        new("error-first-event", "streams an error as the first and only event")
        {
            Events = StreamTwists.ErrorFirst,
        },
        new("error-mid-stream", "streams half of the answer, then an error event, then ends")
        {
            Events = StreamTwists.ErrorAmid,
        },
        new("error-event", "as error-mid-stream, with event: error before the data as Groq does")
        {
            In = SimulatedDialect.OpenAIChat,
            Events = StreamTwists.NamedErrorAmid,
        },
        new(
            "error-after-finish",
            "streams the answer, then after finish_reason a chunk with error and choices as OpenRouter does"
        )
        {
            In = SimulatedDialect.OpenAIChat,
            Events = StreamTwists.ErrorAfterFinish,
        },
        // Less than an answer.
        new("empty-stream", "answers 200 with nothing in it, streamed or not")
        {
            Events = StreamTwists.Nothing,
            Plain = PlainTwists.Nothing,
        },
        new("done-only", "streams [DONE] alone") { In = OpenAIs, Events = StreamTwists.DoneOnly },
        new("role-only", "streams the chunk with the role, then ends")
        {
            In = Terminated,
            Events = StreamTwists.RoleOnly,
        },
        new("cut", "resets the connection in mid-answer, streamed or not")
        {
            Events = StreamTwists.Cut,
            Plain = PlainTwists.Cut,
        },
        new("cut-clean", "ends the stream in mid-answer without finish_reason and [DONE]")
        {
            Events = StreamTwists.CutClean,
        },
        new("cut-plain", "sends half of a plain answer, shorter than its Content-Length")
        {
            Plain = PlainTwists.Short,
        },
        new(
            "truncated-json",
            "sends half of the JSON as if it were whole; streamed, the last chunk is half"
        )
        {
            Events = StreamTwists.TruncatedJson,
            Plain = PlainTwists.TruncatedJson,
        },
        new("reset", "always resets the connection before the headers")
        {
            Instead = Refusals.Reset,
        },
        new("reset-once", "resets the connection before the headers the first time")
        {
            Once = true,
            Instead = Refusals.Reset,
        },
        // Time.
        new("silent", "takes the request and never answers") { Instead = Refusals.Silent },
        new("headers-only", "sends the headers and nothing more")
        {
            Instead = Refusals.HeadersOnly,
        },
        new("slow-first", "streams comments and never content; plain, never answers")
        {
            Events = StreamTwists.CommentsOnly,
            Plain = PlainTwists.Silent,
        },
        new("stall", "sends half of the answer, then nothing for ever, streamed or not")
        {
            Events = StreamTwists.Stall,
            Plain = PlainTwists.Stall,
        },
        new("slow-plain", "answers after the time SlowPlain, streamed or not")
        {
            Plain = PlainTwists.Slow,
            Writes = WriteTwists.Slow,
        },
        // Odd streams, sound in substance.
        new("malformed-chunk", "streams one broken JSON chunk amid a sound stream")
        {
            Events = StreamTwists.MalformedChunk,
        },
        new("no-done", "streams soundly but for the missing [DONE]")
        {
            In = Terminated,
            Events = StreamTwists.NoDone,
        },
        new("crlf", "streams with CRLF line ends")
        {
            In = Terminated,
            Style = new() { LineEnd = "\r\n" },
        },
        new("no-space", "streams data:{…} without the space")
        {
            In = Events,
            Style = new() { DataPrefix = "data:" },
        },
        new("comments", "streams a comment before each event")
        {
            In = Events,
            Events = StreamTwists.Comments,
        },
        new("split-utf8", "streams in writes that end inside UTF-8 sequences")
        {
            Style = new() { Suffix = Foreign },
            Writes = WriteTwists.SplitUtf8,
        },
        new("half-surrogates", "streams deltas that end between two surrogates")
        {
            Style = new() { Suffix = Foreign },
            Events = StreamTwists.HalfSurrogates,
        },
        new("big-chunk", "streams one delta of a megabyte") { Events = StreamTwists.BigChunk },
        new("huge-line", "streams one line longer than 16 MB") { Events = StreamTwists.HugeLine },
        new("eos", "finishes with Together's finish_reason eos")
        {
            In = OpenAIs,
            Style = new() { Stop = "eos" },
        },
        new("content-filter-finish", "finishes with finish_reason content_filter")
        {
            In = Events,
            Style = new() { Stop = "content_filter" },
        },
        // Usage and cost.
        new("no-usage", "tells no usage, asked or not")
        {
            Style = new() { Placement = UsagePlacement.Nowhere },
        },
        new("usage-with-choices", "streams usage in the chunk that has finish_reason, asked or not")
        {
            In = SimulatedDialect.OpenAIChat,
            Style = new() { Placement = UsagePlacement.WithFinish },
        },
        new(
            "usage-every-chunk",
            "streams growing usage in every chunk, CRLF, a last whole chat.completion.done and no [DONE], as Perplexity does"
        )
        {
            In = SimulatedDialect.OpenAIChat,
            Style = new() { Placement = UsagePlacement.EveryChunk, LineEnd = "\r\n" },
        },
        new("groq-usage", "streams usage in x_groq, asked or not")
        {
            In = SimulatedDialect.OpenAIChat,
            Style = new() { Placement = UsagePlacement.Groq },
        },
        new("reasoning-outside", "reasons, and counts that outside completion_tokens as xAI does")
        {
            In = SimulatedDialect.OpenAIChat,
            Style = new() { Reasons = true, Shape = UsageShape.ReasoningOutside },
        },
        new("reported-cost", "tells its cost in usage as a number of dollars, as OpenRouter does")
        {
            In = SimulatedDialect.OpenAIChat,
            Style = new() { Shape = UsageShape.Cost },
        },
        new("reported-ticks", "tells its cost in usage as cost_in_usd_ticks, as xAI does")
        {
            In = SimulatedDialect.OpenAIChat,
            Style = new() { Shape = UsageShape.CostTicks },
        },
        new("reported-cost-object", "tells its cost in usage as an object, as Perplexity does")
        {
            In = SimulatedDialect.OpenAIChat,
            Style = new() { Shape = UsageShape.CostObject },
        },
        .. DialectFaults.Shared,
        .. DialectFaults.Anthropic,
        .. DialectFaults.Gemini,
        .. DialectFaults.Ollama,
        .. DialectFaults.Responses,
        .. DialectFaults.Azure,
    ];

    private static readonly Dictionary<string, Fault> ByName = All.ToDictionary(
        fault => fault.Name,
        StringComparer.Ordinal
    );

    /// <summary>The faults that can be met in a dialect.</summary>
    public static IEnumerable<Fault> Of(SimulatedDialect dialect) =>
        All.Where(fault => fault.In.HasFlag(dialect));

    /// <summary>The fault of a name; null where there is none.</summary>
    public static Fault? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The fault of a name; throws <see cref="ArgumentException"/> where there is none.</summary>
    public static Fault Named(string name) =>
        Find(name)
        ?? throw new ArgumentException($"there is no fault named '{name}'", nameof(name));
}
