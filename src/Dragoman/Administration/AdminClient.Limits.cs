using Dragoman.Native;

namespace Dragoman.Administration;

/// <content>Limits.</content>
public sealed partial class AdminClient
{
    /// <summary>What is used of a limit now, for each whom it counts: one page, by their names.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="after">Where the page before ended; null is the first.</param>
    /// <param name="limit">How many at most; null is the server's usual.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="GatewayException">No limit of that name is in force, or the key may not read it.</exception>
    public Task<AdminList<LimitState>> GetLimitStateAsync(
        string name,
        string? after = null,
        int? limit = null,
        CancellationToken cancellationToken = default
    ) =>
        ListAsync(
            $"limits/{Uri.EscapeDataString(name)}/state",
            LimitStatesJson.Readable.AdminListLimitState,
            after,
            limit,
            cancellationToken
        );
}
