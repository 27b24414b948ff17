using System.Globalization;
using System.Text.Json.Nodes;
using Dragoman.Canonical;

namespace Dragoman.TestKit;

/// <summary>
/// What a request or an answer says, one fact a line, whatever shape a dialect gives it: who says what in which order, with what
/// tools and wishes. Two dialects that carry the same have the same facts; ids of calls are told by their order.
/// </summary>
public static class CanonicalFacts
{
    /// <param name="request">The request.</param>
    /// <param name="withReasoning">False leaves out what was thought, where that was dropped and named: what stands around it then joins.</param>
    /// <param name="withRaw">False leaves out what only its own dialect knows, likewise.</param>
    public static IReadOnlyList<string> Of(
        ChatRequest request,
        bool withReasoning = true,
        bool withRaw = true
    )
    {
        var facts = new List<string>();
        Add(facts, "max_tokens", request.OutputLimit);
        Add(facts, "temperature", request.Temperature);
        Add(facts, "top_p", request.TopP);
        Add(facts, "top_k", request.TopK);
        Add(facts, "frequency_penalty", request.FrequencyPenalty);
        Add(facts, "presence_penalty", request.PresencePenalty);
        Add(facts, "seed", request.Seed);
        Add(facts, "n", request.Count is 1 ? null : request.Count);
        Add(facts, "logprobs", request.LogProbs);
        Add(facts, "top_logprobs", request.TopLogProbs is 0 ? null : request.TopLogProbs);
        Add(facts, "reasoning_effort", request.ReasoningEffort);
        Add(facts, "reasoning_budget", request.ReasoningBudget);
        Add(facts, "user", request.User);
        Add(
            facts,
            "service_tier",
            request.ServiceTier is { } tier && (tier.Is("auto"u8) || tier.Is("default"u8))
                ? null
                : request.ServiceTier
        );
        // What is so unless somebody says otherwise need not be said.
        Add(
            facts,
            "parallel_tool_calls",
            request.ParallelToolCalls is true ? null : request.ParallelToolCalls
        );
        foreach (var stop in request.Stop)
            Add(facts, "stop", stop);
        foreach (var tool in request.Tools)
            facts.Add(Tool(tool));
        if (
            request.ToolChoice is { } choice
            && choice is not { Mode: ToolChoiceMode.Auto, Allowed.Count: 0 }
        )
            facts.Add(Choice(choice));
        if (request.ResponseFormat is { Kind: not ResponseFormatKind.Text } format)
            facts.Add($"response_format {format.Kind} {Json(format.Schema)}".TrimEnd());
        var ids = new Ids();
        foreach (var message in request.Messages)
        foreach (var part in message.Parts)
            if ((withReasoning || part is not ReasoningPart) && (withRaw || part is not RawPart))
                AddPart(facts, Speaker(message.Role), part, ids);
        return Joined(facts);
    }

    /// <param name="reply">The answer.</param>
    /// <param name="withRaw">False leaves out what only its own dialect knows: what stands around it then joins.</param>
    public static IReadOnlyList<string> Of(ChatReply reply, bool withRaw = true)
    {
        var facts = new List<string>();
        var ids = new Ids();
        foreach (var choice in reply.Choices)
        {
            foreach (var part in choice.Message.Parts)
                if (withRaw || part is not RawPart)
                    AddPart(facts, $"choice{choice.Index}", part, ids);
            facts.Add($"choice{choice.Index} stop {choice.Stop} {choice.StopSequence}".TrimEnd());
        }
        foreach (var citation in reply.Citations)
            facts.Add($"citation {citation.Url} {citation.Title}".TrimEnd());
        if (reply.Usage is { } usage)
        {
            Add(facts, "usage total_input", usage.TotalInput);
            Add(facts, "usage total_output", usage.TotalOutput);
            Add(facts, "usage cache_read", usage.CacheRead is 0 ? null : usage.CacheRead);
            Add(facts, "usage cache_write", Write(usage) is 0 ? null : Write(usage));
            Add(facts, "usage reasoning", usage.Reasoning is 0 ? null : usage.Reasoning);
        }
        return Joined(facts);
    }

    private static long? Write(TokenUsage usage) =>
        usage.CacheWrite is null && usage.CacheWrite1h is null
            ? null
            : (usage.CacheWrite ?? 0) + (usage.CacheWrite1h ?? 0);

    /// <summary>Having to call the only function that is allowed is having to call that function.</summary>
    private static string Choice(ToolChoice choice) =>
        choice is { Mode: ToolChoiceMode.Required, Allowed: [var only] }
            ? $"tool_choice Function {only}"
            : $"tool_choice {choice.Mode} {choice.Name} {string.Join(',', choice.Allowed)}".TrimEnd();

    private static string Speaker(MessageRole role) =>
        role switch
        {
            MessageRole.System or MessageRole.Developer => "system",
            MessageRole.Assistant => "assistant",
            _ => "user",
        };

    private static string Tool(ToolDefinition tool) =>
        tool is FunctionTool function
            ? $"tool {function.Name} | {function.Description} | {Json(function.Parameters)} | {(function.IsStrict is true ? "strict" : "")}".TrimEnd()
            : $"raw tool {((RawTool)tool).Type}";

    private static void AddPart(List<string> facts, string speaker, Part part, Ids ids)
    {
        switch (part)
        {
            case TextPart { Text.IsEmpty: true }:
                break;
            case TextPart text:
                // Where system texts are put together, a line end may part them.
                facts.Add(
                    $"{speaker} text {(speaker == "system" ? text.Text.ToString().ReplaceLineEndings("") : text.Text)}"
                );
                break;
            case RefusalPart refusal:
                facts.Add($"{speaker} refusal {refusal.Text}");
                break;
            case ReasoningPart reasoning:
                facts.Add(
                    $"{speaker} reasoning {reasoning.Text} | {Signature(reasoning)}".TrimEnd()
                );
                break;
            case ImagePart image:
                facts.Add($"{speaker} image {Source(image.Source)}");
                break;
            case AudioPart audio:
                facts.Add($"{speaker} audio {Source(audio.Source)}");
                break;
            case FilePart file:
                facts.Add($"{speaker} file {file.FileName} {Source(file.Source)}");
                break;
            case ToolCallPart call:
                facts.Add(
                    $"{speaker} call #{ids.Call(call.Id)} {call.Name} {(call.Arguments.TryAsJson(out var json) ? Json(json) : call.Arguments.ToString())}"
                );
                break;
            case ToolResultPart result:
                var id = ids.Result(result.ToolCallId);
                facts.Add($"result #{id}{(result.IsError is true ? " error" : "")}");
                foreach (var inner in result.Content)
                    AddPart(facts, $"result #{id}", inner, ids);
                break;
            case RawPart raw:
                facts.Add($"{speaker} raw {raw.Type}");
                break;
        }
    }

    /// <summary>Whose it is and what, be it wrapped for another dialect's client or not.</summary>
    private static string Signature(ReasoningPart reasoning)
    {
        if (reasoning.Signature is not { IsEmpty: false } shown)
            return "";
        var (signature, of) = CarriedSignature.Read(shown, reasoning.SignatureOf ?? "");
        return $"{of} {signature}";
    }

    private static string Source(MediaSource source)
    {
        if (source.TryGetInline(out var type, out var data))
            return $"{type} {data}";
        return source.Url is { } url ? $"url {url}" : $"file id {source.FileId}";
    }

    /// <summary>Pieces of text that one speaker says in a row are one fact: dialects cut and join them as they must.</summary>
    private static List<string> Joined(List<string> facts)
    {
        var joined = new List<string>();
        foreach (var fact in facts)
        {
            var space = fact.IndexOf(" text ", StringComparison.Ordinal);
            if (
                fact.Contains(" reasoning ", StringComparison.Ordinal)
                && joined is [.., var thought]
                && thought.EndsWith(" |", StringComparison.Ordinal)
                && thought.Contains(" reasoning ", StringComparison.Ordinal)
            )
                joined[^1] =
                    thought[..^2]
                    + fact[(fact.IndexOf(" reasoning ", StringComparison.Ordinal) + 11)..];
            else if (
                space >= 0
                && joined is [.., var last]
                && last.StartsWith(fact[..(space + 6)], StringComparison.Ordinal)
            )
                joined[^1] += fact[(space + 6)..];
            else
                joined.Add(fact);
        }
        return joined;
    }

    private static void Add<T>(List<string> facts, string name, T? value)
    {
        if (value is not null)
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {value}"));
    }

    /// <summary>JSON with its members in order, so that equal values are equal text.</summary>
    private static string Json(RawJson json) =>
        json.IsEmpty ? "" : Sorted(JsonNode.Parse(json.Utf8.Span))?.ToJsonString() ?? "null";

    private static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject members => new JsonObject(
                members
                    .OrderBy(static member => member.Key, StringComparer.Ordinal)
                    .Select(static member =>
                        KeyValuePair.Create(member.Key, Sorted(member.Value?.DeepClone()))
                    )
            ),
            JsonArray items => new JsonArray([
                .. items.Select(static item => Sorted(item?.DeepClone())),
            ]),
            _ => node?.DeepClone(),
        };

    /// <summary>Calls in their order; a result without an id answers the next call that has none yet.</summary>
    private sealed class Ids
    {
        private readonly List<string?> _calls = [];
        private int _answered;

        public int Call(JsonText? id)
        {
            _calls.Add(id?.ToString());
            return _calls.Count - 1;
        }

        public int Result(JsonText? id)
        {
            var known = id is { } text ? _calls.LastIndexOf(text.ToString()) : -1;
            return known >= 0 ? known : _answered++;
        }
    }
}
