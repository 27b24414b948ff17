using Dragoman.Exchanges;
using Dragoman.Routing.Quality;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every store of feedback must do; a new one inherits this and says how it is made.</summary>
public abstract class FeedbackStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An empty store.</summary>
    protected abstract IFeedbackStore Store { get; }

    [Fact]
    public async Task Find_WhatWasPut_GivesEveryMemberBack()
    {
        var put = Of(1) with { Comment = "zu lang, näher an „so“ 🙂", Task = "summarization" };

        (await Store.PutAsync(put)).ShouldBeNull();

        (await FindAsync(1)).ShouldBe(put);
    }

    [Fact]
    public async Task Put_OfTheSameRequest_ReplacesTheFirstAndGivesItBack()
    {
        var first = Of(1, score: 0.25) with { Comment = "no" };
        await Store.PutAsync(first);

        var replaced = await Store.PutAsync(Of(1, score: 1));

        replaced.ShouldBe(first);
        (await FindAsync(1))!.Score.ShouldBe(1);
        (await FindAsync(1))!.Comment.ShouldBeNull();
        (await Store.SinceAsync(DateTimeOffset.MinValue.AddYears(1990))).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Find_OfMany_LeavesOutThoseOfWhichNothingWasSaid()
    {
        await Store.PutAsync(Of(1));
        await Store.PutAsync(Of(3));

        var found = await Store.FindAsync([new(1), new(2), new(3)]);

        found.Keys.Select(static id => id.Value).Order().ShouldBe([1, 3]);
        (await Store.FindAsync([])).ShouldBeEmpty();
    }

    [Fact]
    public async Task Since_ATime_GivesWhatWasSaidFromThenOnWithoutComments()
    {
        await Store.PutAsync(Of(1, at: Noon.AddDays(-1)));
        await Store.PutAsync(Of(2, at: Noon) with { Comment = "personal" });
        await Store.PutAsync(Of(3, at: Noon.AddDays(1)));

        var found = await Store.SinceAsync(Noon);

        found.Select(static feedback => feedback.Request.Value).Order().ShouldBe([2, 3]);
        found.ShouldAllBe(static feedback => feedback.Comment == null);
        found.ShouldAllBe(static feedback => feedback.Deployment == "openai/gpt-4o");
    }

    [Fact]
    public async Task Put_OfOneRequestByMany_GivesEachReplacedOnce()
    {
        var replaced = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i => Task.Run(async () => await Store.PutAsync(Of(1, score: i / 10.0))))
        );

        var scores = replaced.OfType<Feedback>().Select(static one => one.Score).ToList();
        scores.Count.ShouldBe(7);
        scores.ShouldBeUnique();
        scores.ShouldNotContain((await FindAsync(1))!.Score);
    }

    protected static Feedback Of(long request, double score = 0.5, DateTimeOffset? at = null) =>
        new()
        {
            Request = new RequestId(request),
            Score = score,
            At = at ?? Noon,
            Deployment = "openai/gpt-4o",
        };

    protected async Task<Feedback?> FindAsync(long request) =>
        (await Store.FindAsync([new RequestId(request)])).GetValueOrDefault(new RequestId(request));
}
