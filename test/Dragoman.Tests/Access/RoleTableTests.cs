using Dragoman.Access;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

public sealed class RoleTableTests
{
    [Fact]
    public void Includes_IsThatOfWhatMayBeGivenAway()
    {
        // Who may give whom: a role that may anything more is not theirs to give.
        var given = Enum.GetValues<Role>()
            .ToDictionary(
                static role => role,
                static role =>
                    Enum.GetValues<Role>().Where(other => RoleTable.Includes(role, other)).ToArray()
            );

        given[Role.Admin].ShouldBe(Enum.GetValues<Role>());
        given[Role.Manager].ShouldBe([Role.Inference, Role.Member, Role.Manager]);
        given[Role.Member].ShouldBe([Role.Inference, Role.Member]);
        given[Role.Viewer].ShouldBe([Role.Viewer]);
        given[Role.Inference].ShouldBe([Role.Inference]);
    }

    [Fact]
    public void Viewer_ReadsEverythingAndChangesNothing()
    {
        foreach (var permission in Enum.GetValues<Permission>())
            RoleTable
                .Allows(Role.Viewer, permission)
                .ShouldBe(
                    !permission.ToString().StartsWith("Manage", StringComparison.Ordinal)
                        && permission != Permission.CallModels,
                    permission.ToString()
                );
    }

    [Theory]
    [InlineData(Permission.ManagePeople, "manager admin")]
    [InlineData(Permission.ReadPeople, "viewer manager admin")]
    [InlineData(Permission.ReadAudit, "viewer admin")]
    [InlineData(Permission.ManageConfiguration, "admin")]
    [InlineData(Permission.ManageAccess, "member manager admin")]
    [InlineData(Permission.CallModels, "inference member manager admin")]
    public void Having_NamesTheRoles(Permission permission, string roles) =>
        string.Join(' ', RoleTable.Having(permission).Select(RoleNames.Of)).ShouldBe(roles);
}
