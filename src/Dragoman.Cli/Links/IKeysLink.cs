using Dragoman.Administration;

namespace Dragoman.Cli.Links;

/// <summary>Who keeps the keys: a server, or where none runs the database of this machine.</summary>
internal interface IKeysLink : IAsyncDisposable
{
    Task<NewKeyInfo> MakeAsync(KeyWish wish, CancellationToken cancellationToken);

    Task<KeyPage> ListAsync(
        string? status,
        string? after,
        int limit,
        CancellationToken cancellationToken
    );

    Task<NewKeyInfo> RotateAsync(string id, TimeSpan grace, CancellationToken cancellationToken);

    Task<KeyInfo> RevokeAsync(string id, CancellationToken cancellationToken);
}
