using Dragoman.Canonical;

namespace Dragoman.Routing.Classification;

/// <summary>
/// Tells what a conversation asks for, and how hard it looks, in a fraction of a millisecond on the calling thread: a linear model over cues,
/// shape and words. The same conversation gets the same answer, always.
/// </summary>
internal sealed class TaskClassifier
{
    private const int EarlierMessages = 2;
    private const float LeastConfidence = 0.2f;

    private static readonly Lazy<TaskClassifier> Embedded = new(() =>
        new(LinearWeights.Embedded("tasks.bin"), LinearWeights.Embedded("difficulty.bin"))
    );

    [ThreadStatic]
    private static Desk? _desk;

    private readonly LinearWeights _tasks;
    private readonly LinearWeights _difficulty;

    public TaskClassifier(LinearWeights tasks, LinearWeights difficulty)
    {
        _tasks = tasks;
        _difficulty = difficulty;
    }

    /// <summary>The classifier with the library's weights, which are read at the first use.</summary>
    public static TaskClassifier Default => Embedded.Value;

    /// <summary>Classifies one text that stands alone.</summary>
    public Classification Classify(ReadOnlySpan<char> text)
    {
        var desk = _desk ??= new Desk();
        desk.Reading.Read(text);
        Span<float> scores = stackalloc float[TaskKinds.Count];
        var tells = Score(desk, scores);
        return Conclude(
            desk,
            scores,
            tells,
            new PromptSignals
            {
                Language = SignalReader.LanguageOf(desk.Reading),
                ContainsCode = desk.Reading.Shape.LooksLikeCode,
                AsksForJson = desk.Reading.Asks(desk.AsksJson),
                EstimatedTokens = desk.Count(text),
            }
        );
    }

    /// <summary>Classifies a conversation by what its user said last, and by what was said before as far as that is needed.</summary>
    public Classification Classify(ChatRequest request)
    {
        var desk = _desk ??= new Desk();
        Span<float> scores = stackalloc float[TaskKinds.Count];
        var asked = LastOf(request.Messages, request.Messages.Count);
        // The system's and the earlier messages are read first: the last reading is the one that difficulty and signals are taken from.
        Span<float> earlier = stackalloc float[TaskKinds.Count];
        var saidBefore = asked > 0 && AddEarlier(desk, request.Messages, asked, earlier);
        Span<float> ordered = stackalloc float[TaskKinds.Count];
        var orderWeight = AddOrders(desk, request.Messages, ordered, out var jsonOrdered);

        var tells = false;
        var read = asked >= 0 && PromptSource.Read(request.Messages[asked], desk.Reading);
        if (read)
            tells = Score(desk, scores);
        else
            desk.Reading.Read([]);
        Blend(desk, scores, earlier, saidBefore, ordered, orderWeight);
        return Conclude(
            desk,
            scores,
            tells || saidBefore || orderWeight > 0.3f,
            SignalReader.Of(
                request,
                desk.Reading,
                desk.Spare,
                asked,
                jsonOrdered || desk.Reading.Asks(desk.AsksJson)
            )
        );
    }

    private bool Score(Desk desk, Span<float> scores)
    {
        scores.Clear();
        desk.Bag.Clear();
        var shapeEnd = PromptFeatures.Add(desk.Reading, desk.Bag);
        _tasks.Score(desk.Bag.Keys[..shapeEnd], desk.Bag.Values[..shapeEnd], scores);
        var known = _tasks.Score(desk.Bag.Keys[shapeEnd..], desk.Bag.Values[shapeEnd..], scores);
        // A shape alone says nothing, unless it is the shape of code or of a formula.
        var shape = desk.Reading.Shape;
        return known > 0 || shape.LooksLikeCode || shape.LooksLikeFormula;
    }

    private bool AddEarlier(
        Desk desk,
        IReadOnlyList<Message> messages,
        int before,
        Span<float> earlier
    )
    {
        Span<float> scores = stackalloc float[TaskKinds.Count];
        var weight = 1f;
        var found = false;
        for (var count = 0; count < EarlierMessages; count++)
        {
            before = LastOf(messages, before);
            if (before < 0)
                break;
            if (!PromptSource.Read(messages[before], desk.Reading) || !Score(desk, scores))
                continue;
            found = true;
            for (var task = 0; task < scores.Length; task++)
                earlier[task] += weight * scores[task];
            weight *= 0.5f;
        }
        return found;
    }

    // What the system says may be the whole task ("translate all you are given"), or nothing ("you are a helpful assistant").
    private float AddOrders(
        Desk desk,
        IReadOnlyList<Message> messages,
        Span<float> ordered,
        out bool json
    )
    {
        json = false;
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Role is not (MessageRole.System or MessageRole.Developer))
                continue;
            if (!PromptSource.Read(messages[i], desk.Reading))
                return 0;
            json = desk.Reading.Asks(desk.AsksJson);
            if (!Score(desk, ordered))
                return 0;
            // It always speaks to "you" and says who to be; that makes no chat.
            ordered[(int)TaskKind.Chat] = ordered[0];
            for (var task = 1; task < TaskKinds.Count - 1; task++)
                ordered[(int)TaskKind.Chat] = MathF.Min(ordered[(int)TaskKind.Chat], ordered[task]);
            Span<float> likely = stackalloc float[TaskKinds.Count];
            ordered.CopyTo(likely);
            ToProbabilities(likely);
            var sure = likely[Best(likely)];
            return sure * sure;
        }
        return 0;
    }

    private static void Blend(
        Desk desk,
        Span<float> scores,
        ReadOnlySpan<float> earlier,
        bool saidBefore,
        ReadOnlySpan<float> ordered,
        float orderWeight
    )
    {
        Span<float> likely = stackalloc float[TaskKinds.Count];
        scores.CopyTo(likely);
        ToProbabilities(likely);
        var unsure = 1 - likely[Best(likely)];
        if (saidBefore)
        {
            var words = desk.Reading.Tokens.Length;
            var follows = words <= 12 && desk.Reading.Asks(desk.FollowUp);
            var weight =
                follows ? 0.9f
                : words <= 6 ? 0.25f + 0.5f * unsure
                : 0.5f * unsure;
            for (var task = 0; task < scores.Length; task++)
                scores[task] += weight * earlier[task];
        }
        for (var task = 0; task < scores.Length; task++)
            scores[task] += orderWeight * (0.35f + 0.6f * unsure) * ordered[task];
    }

    private Classification Conclude(
        Desk desk,
        Span<float> scores,
        bool tells,
        PromptSignals signals
    )
    {
        ToProbabilities(scores);
        var best = Best(scores);
        var abstains = !tells || scores[best] < LeastConfidence;
        if (abstains)
        {
            best = (int)TaskKind.Chat;
            for (var task = 0; task < scores.Length; task++)
                scores[task] = 0.15f * scores[task] + (task == best ? 0.13f : 0.08f);
            // They still sum to one: 0.15 + 0.13 + 0.72.
        }
        var shares = new double[TaskKinds.Count];
        for (var task = 0; task < shares.Length; task++)
            shares[task] = scores[task];
        return new Classification(
            (TaskKind)best,
            shares[best],
            shares,
            DifficultyEstimate.Of(desk.Reading, desk.Bag, scores, _difficulty),
            signals with
            {
                ContainsMath =
                    desk.Reading.Shape.LooksLikeFormula
                    || (best == (int)TaskKind.Math && !abstains && scores[best] > 0.5f),
            }
        )
        {
            IsAbstention = abstains,
        };
    }

    /// <summary>The last message of the user before another; -1 where there is none.</summary>
    public static int LastOf(IReadOnlyList<Message> messages, int before)
    {
        for (var i = before - 1; i >= 0; i--)
        {
            if (messages[i].Role == MessageRole.User)
                return i;
        }
        return -1;
    }

    private static int Best(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var task = 1; task < scores.Length; task++)
        {
            if (scores[task] > scores[best])
                best = task;
        }
        return best;
    }

    private static void ToProbabilities(Span<float> scores)
    {
        var most = scores[Best(scores)];
        var sum = 0f;
        for (var task = 0; task < scores.Length; task++)
            sum += scores[task] = MathF.Exp(scores[task] - most);
        for (var task = 0; task < scores.Length; task++)
            scores[task] /= sum;
    }

    /// <summary>What one thread works on, again and again.</summary>
    private sealed class Desk
    {
        private PromptReading? _spare;

        public PromptReading Reading { get; } = new();
        public FeatureBag Bag { get; } = new();
        public int AsksJson { get; } = CueLexicon.Default["asks_json"];
        public int FollowUp { get; } = CueLexicon.Default["follow_up"];

        /// <summary>For a look at another message while the reading is in use.</summary>
        public PromptReading Spare => _spare ??= new();

        public long Count(ReadOnlySpan<char> text)
        {
            Span<byte> utf8 = stackalloc byte[3 * 256];
            var estimate = new TokenEstimate();
            while (!text.IsEmpty)
            {
                var piece = text[..Math.Min(256, text.Length)];
                estimate.Add(utf8[..System.Text.Encoding.UTF8.GetBytes(piece, utf8)]);
                text = text[piece.Length..];
            }
            return estimate.Tokens;
        }
    }
}
