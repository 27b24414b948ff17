using System.Globalization;
using Dragoman.Access;
using Dragoman.Access.Sessions;
using Dragoman.Server.Hosting;

namespace Dragoman.Server.SignIn;

/// <summary>Holders of keys, as people who can sign in.</summary>
/// <param name="admin">The admin key; null where none is set.</param>
/// <param name="book">The keys that are kept here.</param>
/// <param name="time">Tells which are in force.</param>
internal sealed class KeyHolders(AdminKey? admin, KeyBook book, TimeProvider time)
{
    /// <summary>All keys that are kept here.</summary>
    public IEnumerable<VirtualKey> All() => book.Entries.Select(static entry => entry.Key);

    /// <summary>The holder of the key of that id; null where it is not in force.</summary>
    public SessionHolder? Find(string id) =>
        id == Caller.AdminKey.Id
            ? admin is null
                ? null
                : new SessionHolder(Caller.AdminKey, admin.Stamp)
            : book.Find(id) is { } entry
                ? Of(book.Find(entry.Key.Hash))
                : null;

    /// <summary>The holder of the key with that secret; null where it is nobody's, or not in force.</summary>
    public SessionHolder? OfSecret(string secret) =>
        KeySecret.IsWhole(secret) && book.Find(KeyHash.Of(secret)) is { } ticket ? Of(ticket)
        : admin?.Opens(secret) is true ? Find(Caller.AdminKey.Id)
        : null;

    private SessionHolder? Of(KeyTicket? ticket)
    {
        var now = time.GetUtcNow();
        return ticket is null || ticket.Record.Key.WhyNot(now) is not null || ticket.Until <= now
            ? null
            // Whatever of it is changed ends the session: it might have been the reason to let them in.
            : new SessionHolder(
                ticket.Caller,
                ticket.Record.Key.Version.ToString(CultureInfo.InvariantCulture)
            );
    }
}
