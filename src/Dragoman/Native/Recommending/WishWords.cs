using System.Text.RegularExpressions;

namespace Dragoman.Native.Recommending;

/// <summary>The words of a description that mean something: which, and what. Listed in <c>docs/guides/which-model.md</c>.</summary>
internal static partial class WishWords
{
    /// <summary>Tasks, by words for them; where several are said the one said most wins, then the first.</summary>
    public static readonly IReadOnlyList<(string Task, Regex Words)> Tasks =
    [
        (
            "code",
            Of(
                @"cod(?:e|ing|ers?)|program(?:s|ming|mers?)?|developers?|software|refactor(?:ing)?|debug(?:ging)?|sql|scripts?|unit tests?|pull requests?"
            )
        ),
        (
            "math",
            Of(@"math(?:s|ematics|ematical)?|algebra|calculus|calculations?|arithmetic|equations?")
        ),
        ("reasoning", Of(@"reason(?:ing)?|logic(?:al)?|puzzles?|planning|multi-step")),
        (
            "knowledge",
            Of(@"knowledge|facts?|factual|trivia|q&a|qa|question answering|faqs?|encyclop\w+")
        ),
        (
            "creative",
            Of(
                @"creative|stor(?:y|ies)|poe(?:m|ms|try)|fiction|novels?|lyrics|slogans?|marketing copy|copywriting|screenplays?"
            )
        ),
        ("summarization", Of(@"summar\w+|tl;?dr|digests?|abstracts?|recaps?")),
        ("translation", Of(@"translat\w+|locali[sz](?:e|ing|ation)")),
        ("extraction", Of(@"extract\w*|parsing|entit(?:y|ies)|data entry|ner|form fields?")),
        (
            "analysis",
            Of(@"analy[sz]\w*|analysis|insights?|sentiment|classif\w+|research|review(?:s|ing)?")
        ),
        (
            "chat",
            Of(
                @"chat(?:s|ting|bots?)?|conversation\w*|assistants?|customer (?:service|support)|help ?desk|small talk"
            )
        ),
    ];

    /// <summary>What a model must be able to do.</summary>
    public static readonly IReadOnlyList<(string Capability, Regex Words)> Capabilities =
    [
        (
            "tools",
            Of(
                @"tools?|tool[- ](?:use|calls?|calling)|function[- ]call(?:s|ing)?|functions|agentic|agents?"
            )
        ),
        ("vision", Of(@"vision|images?|pictures?|photos?|screenshots?|ocr|multimodal")),
        ("audio", Of(@"audio|speech|voice|sound")),
        ("pdf", Of(@"pdfs?")),
        ("structured_output", Of(@"json|structured outputs?|json schemas?|schema")),
        ("reasoning_effort", Of(@"reasoning effort|reasoning models?|thinking")),
        ("embeddings", Of(@"embed(?:ding|dings)?|semantic search|vectors?")),
        ("streaming", Of(@"stream(?:s|ed|ing)?")),
        ("web_search", Of(@"web[- ]search\w*|brows(?:e|es|ing)|search the web|internet access")),
        (
            "long_context",
            Of(
                @"long[- ](?:context|documents?|texts?|files?|inputs?|prompts?)|large context|whole books?|books"
            )
        ),
        ("multilingual", Of(@"multi-?lingual|(?:many|several|all|different) languages")),
    ];

    /// <summary>What counts most.</summary>
    public static readonly IReadOnlyList<(string Preference, Regex Words)> Preferences =
    [
        (
            "cost",
            Of(
                @"cheap(?:er|est|ly)?|inexpensive|low[- ]cost|affordable|budget|economical|cost[- ]effective|save money|free"
            )
        ),
        (
            "latency",
            Of(
                @"fast(?:er|est)?|quick(?:er|est|ly)?|snappy|low[- ]latency|real[- ]?time|instant(?:ly)?|responsive|speed|interactive"
            )
        ),
        (
            "quality",
            Of(
                @"best|strong(?:est)?|highest[- ]quality|high[- ]quality|quality|top|smart(?:est)?|most capable|accura(?:te|cy)|state[- ]of[- ]the[- ]art|sota|frontier|reliable|excellent"
            )
        ),
    ];

    /// <summary>How hard the prompts are.</summary>
    public static readonly IReadOnlyList<(double Difficulty, Regex Words)> Difficulties =
    [
        (0.8, Of(@"hard(?:est)?|complex|difficult|demanding|challenging|expert|advanced|tricky")),
        (0.2, Of(@"easy|simple|basic|trivial|routine|lightweight")),
    ];

    public static readonly Regex Local = Of(
        @"local(?:ly)?|offline|air[- ]gapped|on[- ]prem(?:ise|ises)?|self[- ]hosted|in[- ]house|in the house|no cloud|(?:on|from) (?:my|our|this) (?:own )?(?:machines?|laptop|computer|hardware|servers?|gpus?)|(?:nothing|no data) (?:may |must |should |can )?leaves?|private(?:ly)?"
    );

    public static readonly Regex Europe = Of(
        @"(?:in |within |inside )?(?:the )?(?:eu|europe(?:an)?(?: union)?)(?:[- ](?:hosted|only|based|region|servers?))?|gdpr"
    );

    /// <summary>Languages by their English names.</summary>
    public static readonly IReadOnlyList<(string Code, Regex Words)> Languages =
    [
        ("de", Of("german|deutsch")),
        ("fr", Of("french")),
        ("es", Of("spanish")),
        ("it", Of("italian")),
        ("pt", Of("portuguese|brazilian")),
        ("nl", Of("dutch")),
        ("pl", Of("polish")),
        ("cs", Of("czech")),
        ("sv", Of("swedish")),
        ("da", Of("danish")),
        ("no", Of("norwegian")),
        ("fi", Of("finnish")),
        ("el", Of("greek")),
        ("hu", Of("hungarian")),
        ("ro", Of("romanian")),
        ("ru", Of("russian")),
        ("uk", Of("ukrainian")),
        ("tr", Of("turkish")),
        ("ar", Of("arabic")),
        ("he", Of("hebrew")),
        ("fa", Of("persian|farsi")),
        ("hi", Of("hindi")),
        ("zh", Of("chinese|mandarin|cantonese")),
        ("ja", Of("japanese")),
        ("ko", Of("korean")),
        ("vi", Of("vietnamese")),
        ("th", Of("thai")),
        ("id", Of("indonesian")),
        ("en", Of("english")),
    ];

    /// <summary>E.g. <c>under $1 per million input tokens</c>, <c>at most 2 cents per request</c>, <c>below $0.01</c>.</summary>
    [GeneratedRegex(
        @"(?:(?:under|below|less than|at most|max(?:imum)?(?: of)?|up to|no more than|not more than|cheaper than|within|for)\s+|<=?\s*)?(?:(?<sign>\$|usd\s)\s*(?<n>\d[\d,]*(?:\.\d+)?|\.\d+)|(?<n>\d[\d,]*(?:\.\d+)?|\.\d+)\s*(?<unit>usd|dollars?|cents?|¢|\$))(?:\s*(?:/|per|a|for each|for every|each)\s*(?<side>input|output|prompt|completion)?\s*(?<per>m(?:illion|io|tok|tokens)?|1m|1,?000,?000|k|1k|1,?000|thousand|requests?|calls?|questions?|prompts?|answers?|messages?|tokens?)\b(?:\s*(?:of\s+)?(?<side>input|output|prompt|completion))?(?:\s*tokens?)?)?(?:\s*(?<side>input|output))?",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    public static partial Regex Money();

    /// <summary>E.g. <c>under 2 seconds</c>, <c>within 800ms</c>, <c>first token in 500 ms</c>.</summary>
    [GeneratedRegex(
        @"(?<first>(?:first token|ttft|time to first token)\s+)?(?:(?:under|below|less than|within|in|at most|max(?:imum)?(?: of)?|up to|no more than|faster than)\s+|<=?\s*)(?<n>\d+(?:\.\d+)?)\s*(?<unit>ms|milliseconds?|s|secs?|seconds?)\b(?<first>\s+(?:to|for|until) (?:the )?first token)?",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    public static partial Regex Time();

    /// <summary>E.g. <c>200k context</c>, <c>context of 1M tokens</c>, <c>128,000 tokens of context</c>, <c>100k tokens</c>.</summary>
    [GeneratedRegex(
        @"\b(?<n>\d[\d,]*(?:\.\d+)?)\s*(?<unit>k|m|million|thousand)?[- ]*(?:tokens?\s*)?(?:of |sized? )?(?:context|window)(?:[- ]window)?\b|\bcontext(?:[- ](?:window|length|size))?(?:\s+of)?(?:\s+(?:at least|over|above|more than))?\s*>?=?\s*(?<n>\d[\d,]*(?:\.\d+)?)\s*(?<unit>k|m|million|thousand)?\b(?:\s*tokens?)?|(?<!per |/|/ |\$)\b(?<n>\d[\d,]*(?:\.\d+)?)\s*(?<unit>k|m|million|thousand)\s*tokens?\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    public static partial Regex Context();

    /// <summary>Within three words before, and no "but" between, what is then not meant: <c>no vision</c>, <c>without any tools</c>, <c>not from openai</c>.</summary>
    [GeneratedRegex(
        @"(?:\b(?:no|not|without|never|except|excluding|but not|avoid|don't (?:need|want)|doesn't need|do not need)\b|n't)(?:\s+(?!(?:but|with|only|just)\b)\w+){0,2}\s*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    public static partial Regex Denied();

    private static Regex Of(string words) =>
        new(
            @"(?<![\w-])(?:" + words + @")(?![\w-])",
            RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1)
        );
}
