namespace Dragoman.Secrets;

/// <summary>Keeps encrypted secrets. Few and small: they are read at once, at the start.</summary>
public interface ISecretStore
{
    /// <summary>All of them, in the order of their ids.</summary>
    IReadOnlyList<EncryptedSecret> All();

    /// <summary>Keeps a new one; one of the same id that is there already stays, and false tells so.</summary>
    bool Add(EncryptedSecret secret);

    /// <summary>Forgets one; false where there was none.</summary>
    bool Remove(string id);

    /// <summary>
    /// Puts all of these in the place of all that are there, at once or not at all; false, and nothing changed, where what is
    /// there is not <paramref name="before"/> any more.
    /// </summary>
    bool Replace(IReadOnlyList<EncryptedSecret> before, IReadOnlyList<EncryptedSecret> after);
}
