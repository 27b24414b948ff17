using System.Text;
using Dragoman.Canonical;
using Dragoman.Guardrails.Text;

namespace Dragoman.Guardrails;

/// <summary>
/// Stands between a provider's stream and the client's: every text of every choice goes through the rules as a whole, however it is
/// cut; what else there is goes by in its place among them. Streamed or not, an answer is judged alike.
/// </summary>
internal sealed class GuardedSink(
    IChatEventSink writer,
    IReadOnlyList<TextRule> rules,
    FindingCounts counts
) : IStoppingSink
{
    private readonly List<Lane> _lanes = [];
    private readonly StringBuilder _told = new();
    private readonly bool _changes = rules.Any(static rule => rule.Action != GuardrailAction.Flag);

    public GatewayError? Stopped { get; private set; }

    /// <summary>What was found so far.</summary>
    public FindingCounts Counts => counts;

    public void Take(in ChatEvent chatEvent)
    {
        if (Stopped is not null)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.TextDelta
            or ChatEventKind.RefusalDelta
            or ChatEventKind.ReasoningDelta:
                Say(LaneOf(chatEvent.Choice), chatEvent);
                break;
            case ChatEventKind.ToolArgumentDelta:
                Argue(LaneOf(chatEvent.Choice), chatEvent);
                break;
            // What tells the same text once more, in pieces of its own, cannot be masked with it.
            case ChatEventKind.LogProbs when _changes:
            case ChatEventKind.Raw when _changes && chatEvent.Scope is RawScope.Delta:
                break;
            case ChatEventKind.RawPart:
                CloseText(LaneOf(chatEvent.Choice));
                TakeRawPart(chatEvent);
                break;
            case ChatEventKind.Citation:
                TakeCitation(chatEvent);
                break;
            case ChatEventKind.ToolCallStart
            or ChatEventKind.PartEnd
            or ChatEventKind.ReasoningSignature
            or ChatEventKind.RedactedReasoning:
                CloseText(LaneOf(chatEvent.Choice));
                Pass(chatEvent);
                break;
            case ChatEventKind.Stop:
                Close(LaneOf(chatEvent.Choice));
                Pass(chatEvent);
                break;
            case ChatEventKind.End:
                foreach (var lane in _lanes)
                    Close(lane);
                Pass(chatEvent);
                break;
            default:
                Pass(chatEvent);
                break;
        }
    }

    private void Pass(in ChatEvent chatEvent)
    {
        if (Stopped is null)
            writer.Take(chatEvent);
    }

    private void Say(Lane lane, in ChatEvent delta)
    {
        if (lane.Kind != delta.Kind)
        {
            CloseText(lane);
            lane.Open(delta, new TextWindow(rules, counts));
        }
        lane.Text!.Take(JsonUnescape.ToText(delta.Text), _told);
        TellText(lane);
    }

    private void Argue(Lane lane, in ChatEvent delta)
    {
        var call = lane.Call(delta.ToolCall, rules, counts);
        call.Take(JsonUnescape.ToText(delta.Text), _told);
        TellArguments(lane.Choice, delta.ToolCall, call);
    }

    private void CloseText(Lane lane)
    {
        if (lane.Text is not { } text || Stopped is not null)
            return;
        text.End(_told);
        TellText(lane);
        lane.Close();
    }

    private void Close(Lane lane)
    {
        CloseText(lane);
        foreach (var (place, call) in lane.Calls)
        {
            if (Stopped is not null)
                break;
            call.End(_told);
            TellArguments(lane.Choice, place, call);
        }
        lane.Calls.Clear();
    }

    private void TellText(Lane lane)
    {
        if (Take(lane.Text!) is not { } told)
            return;
        writer.Take(
            lane.Kind switch
            {
                ChatEventKind.TextDelta => ChatEvent.OfText(lane.Choice, told),
                ChatEventKind.RefusalDelta => ChatEvent.OfRefusal(lane.Choice, told),
                _ => ChatEvent.OfReasoning(lane.Choice, told, lane.WireName),
            }
        );
    }

    private void TellArguments(int choice, int place, JsonWindow call)
    {
        if (Take(call) is { } told)
            writer.Take(ChatEvent.OfToolArguments(choice, place, told));
    }

    /// <summary>What a text lets out now, escaped; null where that is nothing.</summary>
    private byte[]? Take(IGuardedText text)
    {
        var told =
            _told.Length == 0 ? null : Encoding.UTF8.GetBytes(JsonEscape.Escape(_told.ToString()));
        _told.Clear();
        if (text.BlockedBy is { } rule)
            Stop(rule);
        return told;
    }

    private void TakeRawPart(in ChatEvent part)
    {
        var json = Whole(new RawJson(part.Json.ToArray()));
        Pass(ChatEvent.OfRawPart(part.Choice, part.Dialect!, part.Name, json.Utf8.Span));
    }

    private void TakeCitation(in ChatEvent citation)
    {
        var texts = new GuardedTexts(rules, counts);
        var url = texts.Prose(JsonText.FromEscaped(citation.Text.ToArray()));
        var title = texts.Prose(JsonText.FromEscaped(citation.Name.ToArray()));
        var quote = texts.Prose(JsonText.FromEscaped(citation.Id.ToArray()));
        if (texts.BlockedBy is { } rule)
            Stop(rule);
        Pass(
            ChatEvent.OfCitation(
                url.Escaped.Span,
                title.Escaped.Span,
                quote.Escaped.Span,
                citation.Dialect
            )
        );
    }

    private RawJson Whole(RawJson json)
    {
        var texts = new GuardedTexts(rules, counts);
        var guarded = texts.Json(json);
        if (texts.BlockedBy is { } rule)
            Stop(rule);
        return guarded;
    }

    private void Stop(TextRule rule) =>
        Stopped ??= GuardrailErrors.OfOutput(rule.Guardrail, rule.Shape.Kind);

    private Lane LaneOf(int choice)
    {
        foreach (var lane in _lanes)
            if (lane.Choice == choice)
                return lane;
        var added = new Lane(choice);
        _lanes.Add(added);
        return added;
    }

    /// <summary>The texts of one choice that are open.</summary>
    private sealed class Lane(int choice)
    {
        public int Choice => choice;
        public ChatEventKind? Kind { get; private set; }
        public TextWindow? Text { get; private set; }

        /// <summary>The field that reasoning stood in, where it was not the usual one.</summary>
        public byte[] WireName { get; private set; } = [];
        public SortedDictionary<int, JsonWindow> Calls { get; } = [];

        public void Open(in ChatEvent delta, TextWindow text) =>
            (Kind, Text, WireName) = (
                delta.Kind,
                text,
                delta.Kind is ChatEventKind.ReasoningDelta ? delta.Name.ToArray() : []
            );

        public void Close() => (Kind, Text) = (null, null);

        public JsonWindow Call(int place, IReadOnlyList<TextRule> rules, FindingCounts counts)
        {
            if (!Calls.TryGetValue(place, out var call))
                Calls[place] = call = new JsonWindow(rules, counts);
            return call;
        }
    }
}
