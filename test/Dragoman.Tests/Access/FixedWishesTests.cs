using Dragoman.Access;
using Dragoman.Exchanges;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

public sealed class FixedWishesTests
{
    private static readonly Caller Bound = new()
    {
        Id = "key_1",
        Name = "bound",
        Role = Role.Inference,
        Workspace = "legal",
        Tier = "gold",
        Tags = ["a", "b"],
    };

    [Fact]
    public void Bind_WhatTheKeyFixes_IsSaidForTheClient()
    {
        var bound = FixedWishes.Bind(Bound, Wishes.None);

        (bound.WorkspaceId, bound.UserTier).ShouldBe(("legal", "gold"));
        bound.Tags.ShouldBe(["a", "b"]);
        FixedWishes.Bind(null, Wishes.None).ShouldBeSameAs(Wishes.None);
    }

    [Fact]
    public void WhyNot_WhatSaysTheSame_IsNothing() =>
        FixedWishes
            .WhyNot(
                Bound,
                new Wishes
                {
                    WorkspaceId = "legal",
                    UserTier = "gold",
                    Tags = ["b"],
                }
            )
            .ShouldBeNull();

    [Theory]
    [InlineData("workspace_id")]
    [InlineData("user_tier")]
    [InlineData("tags")]
    public void WhyNot_WhatSaysOtherwise_NamesTheField(string field)
    {
        var wishes = field switch
        {
            "workspace_id" => new Wishes { WorkspaceId = "Legal" },
            "user_tier" => new Wishes { UserTier = "platinum" },
            _ => new Wishes { Tags = ["a", "c"] },
        };

        var refusal = FixedWishes.WhyNot(Bound, wishes)!;

        (refusal.Status, refusal.Code, refusal.Param).ShouldBe((403, "fixed_by_key", field));
        FixedWishes
            .WhyNot(Bound with { Workspace = null, Tier = null, Tags = null }, wishes)
            .ShouldBeNull();
    }
}
