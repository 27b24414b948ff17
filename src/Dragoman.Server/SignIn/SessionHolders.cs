using System.Net;
using Dragoman.Access.People;
using Dragoman.Access.Sessions;

namespace Dragoman.Server.SignIn;

/// <summary>Who may be signed in, as of now: users, and holders of keys.</summary>
internal sealed class SessionHolders(PeopleBook people, KeyHolders keys)
{
    /// <summary>Who a caller's id is of; null where they may not be signed in any more.</summary>
    public SessionHolder? Find(string caller)
    {
        if (!caller.StartsWith(User.CallerPrefix, StringComparison.Ordinal))
            return WithinReach(keys.Find(caller));
        var id = caller[User.CallerPrefix.Length..];
        var roster = people.Current;
        return roster.CallerOf(id) is { } known
            ? new SessionHolder(known, roster.FindUser(id)!.Stamp)
            : null;
    }

    /// <summary>Whose key that is; null where it is nobody's, or may not be used from there.</summary>
    public SessionHolder? OfKey(string key, IPAddress? address) =>
        WithinReach(keys.OfSecret(key)) is { } holder && holder.MayBeUsedFrom(address)
            ? holder
            : null;

    private SessionHolder? WithinReach(SessionHolder? holder) =>
        holder?.Caller.Key is { } key && people.Current.WhyNot(key) is not null ? null : holder;
}
