using System.Collections.Concurrent;
using Dragoman.Catalog;
using Dragoman.Routing;

namespace Dragoman.Limits.Budgets;

/// <summary>
/// How long answers become and how far our estimates are off, learnt from attempts that were settled: by caller and deployment,
/// else by deployment, else by what is usual. Bounds of what is to come, not means. Thread-safe.
/// </summary>
internal sealed class AnswerHabits
{
    /// <summary>An answer that is bounded in advance is cut short for one in a hundred.</summary>
    private const double WhereBounded = 0.99;

    /// <summary>One in ten streams asks for more on its way.</summary>
    private const double WhereGrowing = 0.9;

    /// <summary>Of fewer the largest stands for all, with as much again.</summary>
    private const int Enough = 20;

    private const int MostCallers = 20_000;
    private const int TimesUsual = 4;
    private const int LeastSaid = 32;
    private const int LeastThought = 512;

    private readonly ConcurrentDictionary<(string Caller, string Deployment), Habits> _ofCallers =
        new();
    private readonly ConcurrentDictionary<string, Habits> _ofDeployments = new(
        StringComparer.Ordinal
    );

    /// <summary>Tokens that one answer will usually not exceed.</summary>
    public long UsualAnswer(string? caller, Deployment deployment, bool grows)
    {
        var share = grows ? WhereGrowing : WhereBounded;
        if (
            caller is not null
            && _ofCallers.TryGetValue((caller, deployment.PublicName), out var own)
            && own.Answer(share, Enough) is { } tokens
        )
            return tokens;
        return Of(deployment)?.Answer(share, least: 1)
            // What grows begins with a middling one.
            ?? UsualAnswers.Of(task: null, deployment.Capabilities.Reasoning is true)
                * (grows ? 1 : TimesUsual);
    }

    /// <summary>Tokens below which an answer would be of no use: half of a middling one.</summary>
    public long LeastAnswer(Deployment deployment) =>
        Math.Max(
            1,
            (
                Of(deployment)?.Answer(0.5, Enough)
                ?? (deployment.Capabilities.Reasoning is true ? LeastThought : LeastSaid)
            ) / 2
        );

    /// <summary>Tokens that a prompt is hardly more than, priced as plain ones: where a cache is written they count for more.</summary>
    /// <param name="deployment">Who would be asked.</param>
    /// <param name="estimate">Its tokens by our estimate.</param>
    /// <param name="hasMedia">There are images, sound or files in it.</param>
    public long PromptAtMost(Deployment deployment, long estimate, bool hasMedia) =>
        (long)Math.Ceiling(estimate * (Of(deployment)?.Prompt(hasMedia) ?? Habits.PromptAtFirst));

    /// <summary>Tokens that a stream of so many, by our estimate, hardly has more than.</summary>
    public long StreamAtMost(Deployment deployment, long estimate) =>
        (long)Math.Ceiling(estimate * (Of(deployment)?.Stream() ?? Habits.StreamAtFirst));

    /// <summary>How far a stream may go, by our estimate, before it may have so many tokens.</summary>
    public long StreamUntil(Deployment deployment, long tokens) =>
        (long)(tokens / (Of(deployment)?.Stream() ?? Habits.StreamAtFirst));

    /// <summary>An answer came to its own end.</summary>
    public void LearnAnswer(string? caller, Deployment deployment, long tokens)
    {
        if (tokens <= 0)
            return;
        Made(deployment).AddAnswer(tokens);
        if (caller is null)
            return;
        if (_ofCallers.Count >= MostCallers)
            _ofCallers.Clear();
        _ofCallers
            .GetOrAdd((caller, deployment.PublicName), static _ => new Habits())
            .AddAnswer(tokens);
    }

    /// <summary>A prompt was as dear as <paramref name="tokens"/> plain ones.</summary>
    public void LearnPrompt(Deployment deployment, bool hasMedia, long estimate, long tokens)
    {
        if (estimate > 0 && tokens > 0)
            Made(deployment).AddPrompt(hasMedia, (double)tokens / estimate);
    }

    /// <summary>A stream had <paramref name="tokens"/>.</summary>
    public void LearnStream(Deployment deployment, long estimate, long tokens)
    {
        if (estimate > 0 && tokens > 0)
            Made(deployment).AddStream((double)tokens / estimate);
    }

    private Habits? Of(Deployment deployment) =>
        _ofDeployments.GetValueOrDefault(deployment.PublicName);

    private Habits Made(Deployment deployment) =>
        _ofDeployments.GetOrAdd(deployment.PublicName, static _ => new Habits());

    private sealed class Habits
    {
        /// <summary>Four bytes a token are assumed; of dense text it is two.</summary>
        public const double PromptAtFirst = 2;

        public const double StreamAtFirst = 1.3;

        private const double LeastFactor = 0.1;

        private const double Rare = 0.98;

        private readonly Lock _lock = new();
        private readonly LengthSketch _answers = new(least: 1, step: 1.1, steps: 150);
        private LengthSketch? _prompts;
        private LengthSketch? _promptsWithMedia;
        private LengthSketch? _streams;

        public long? Answer(double share, int least)
        {
            lock (_lock)
            {
                if (_answers.Count < least)
                    return null;
                return (long)
                    Math.Ceiling(
                        _answers.Count < Enough && share > 0.5
                            ? _answers.Largest * 2
                            : _answers.Quantile(share)
                    );
            }
        }

        public double Prompt(bool hasMedia)
        {
            lock (_lock)
                return Factor(hasMedia ? _promptsWithMedia : _prompts, PromptAtFirst);
        }

        public double Stream()
        {
            lock (_lock)
                return Math.Max(LeastFactor, Factor(_streams, StreamAtFirst));
        }

        public void AddAnswer(long tokens)
        {
            lock (_lock)
                _answers.Add(tokens);
        }

        public void AddPrompt(bool hasMedia, double factor)
        {
            lock (_lock)
            {
                if (hasMedia)
                    (_promptsWithMedia ??= Factors()).Add(factor);
                else
                    (_prompts ??= Factors()).Add(factor);
            }
        }

        public void AddStream(double factor)
        {
            lock (_lock)
                (_streams ??= Factors()).Add(factor);
        }

        private static LengthSketch Factors() => new(least: 0.1, step: 1.02, steps: 350);

        /// <summary>A few are believed half: the next may be another kind of text.</summary>
        private static double Factor(LengthSketch? seen, double atFirst) =>
            seen is null ? atFirst
            : seen.Count < Enough ? Math.Max(seen.Largest, (seen.Largest + atFirst) / 2)
            : seen.Quantile(Rare);
    }
}
