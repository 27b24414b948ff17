using Dragoman.Access;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

public sealed class KeySecretTests
{
    [Fact]
    public void Make_Many_AreWholeAndDiffer()
    {
        var made = Enumerable.Range(0, 1_000).Select(static _ => KeySecret.Make()).ToList();

        made.Distinct(StringComparer.Ordinal).Count().ShouldBe(1_000);
        made.ShouldAllBe(static secret =>
            secret.Length == KeySecret.Length
            && secret.StartsWith("sk-dm-", StringComparison.Ordinal)
        );
        made.ShouldAllBe(static secret => KeySecret.IsWhole(secret));
        // Every place of the random part takes every kind of letter.
        for (var place = 6; place < 49; place++)
            made.Select(secret => secret[place]).Distinct().Count().ShouldBeGreaterThan(50);
    }

    [Fact]
    public void IsWhole_OneLetterChangedLeftOutOrAdded_IsNot()
    {
        var secret = KeySecret.Make();

        for (var place = 0; place < secret.Length; place++)
        {
            var changed = secret.ToCharArray();
            changed[place] = changed[place] == 'x' ? 'y' : 'x';
            KeySecret.IsWhole(changed).ShouldBeFalse();
            KeySecret.IsWhole(secret.Remove(place, 1)).ShouldBeFalse();
            KeySecret.IsWhole(secret.Insert(place, "x")).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk-dm-")]
    [InlineData("sk-dm-0000000000000000000000000000000000000000000\u0130000000")]
    [InlineData("sk-proj-00000000000000000000000000000000000000000000000")]
    public void IsWhole_OfSomethingElse_IsNot(string text) =>
        KeySecret.IsWhole(text).ShouldBeFalse();

    [Fact]
    public void IsWhole_InAnotherCase_IsNot()
    {
        // One without any letter would be the same in another case: there is none of those.
        var secret = KeySecret.Make();

        KeySecret.IsWhole(secret.ToUpperInvariant()).ShouldBeFalse();
        KeySecret.IsWhole(string.Concat("SK-DM-", secret.AsSpan(6))).ShouldBeFalse();
        KeySecret.LooksLikeOne(secret.ToUpperInvariant()).ShouldBeTrue();
    }
}
