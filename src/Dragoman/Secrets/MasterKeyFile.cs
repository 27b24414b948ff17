using System.Text;

namespace Dragoman.Secrets;

/// <summary>The master key in a file of the data folder that only its owner may read.</summary>
public static class MasterKeyFile
{
    public const string Name = "master.key";

    /// <summary>Ending of the one that is to be.</summary>
    private const string Next = ".next";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    /// <summary>Reads the file, or makes one with a new key.</summary>
    /// <exception cref="MasterKeyException">It cannot be read or made, others may read it, or it holds no key.</exception>
    public static MasterKey Open(string folder)
    {
        var path = PathIn(folder);
        try
        {
            return File.Exists(path) ? Read(path) : Create(path);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new MasterKeyException(
                $"The key file {path} cannot be used: {unusable.Message} Set {MasterKey.Variable} to do without it.",
                unusable
            );
        }
    }

    /// <summary>Makes the key that is to take the file's place, and keeps it beside until everything is encrypted under it.</summary>
    public static MasterKey BeginReplacing(string folder)
    {
        var (path, next) = (PathIn(folder), PathIn(folder) + Next);
        File.Move(Written(path, MasterKey.Create(next)), next, overwrite: true);
        return Read(next);
    }

    /// <summary>Puts the key that was made in the file's place.</summary>
    public static void FinishReplacing(string folder) =>
        File.Move(PathIn(folder) + Next, PathIn(folder), overwrite: true);

    /// <summary>The same where a rotation was cut off behind its encrypting: these secrets are under the key beside. False where it was not.</summary>
    public static bool FinishReplacing(string folder, IReadOnlyList<EncryptedSecret> secrets)
    {
        var next = PathIn(folder) + Next;
        if (secrets.Count == 0 || !File.Exists(next))
            return false;
        var fingerprint = Read(next).Fingerprint;
        if (!secrets.All(secret => secret.MasterKey == fingerprint))
            return false;
        FinishReplacing(folder);
        return true;
    }

    private static string PathIn(string folder) => Path.GetFullPath(Path.Combine(folder, Name));

    private static MasterKey Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            throw new MasterKeyException(
                $"The key file {path} may be read or written by others: run `chmod 600 {path}`, and think about whether somebody has (then: dragoman secrets rotate)."
            );
        var text = File.ReadAllText(path).Trim();
        Span<byte> bytes = stackalloc byte[MasterKey.Length + 3];
        return Convert.TryFromBase64String(text, bytes, out var count) && count == MasterKey.Length
            ? MasterKey.Of(bytes[..count], path)
            : throw new MasterKeyException(
                $"The key file {path} holds no key: {MasterKey.Length} bytes in base64 are expected. Put back the one it held; secrets that it encrypted are lost without it."
            );
    }

    private static MasterKey Create(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnlyFolder);
        var written = Written(path, MasterKey.Create(path));
        try
        {
            // Of two processes that start together one is first, and both use its key.
            File.Move(written, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(written);
        }
        return Read(path);
    }

    /// <summary>Beside its place first, so that nobody ever reads half a key.</summary>
    private static string Written(string path, MasterKey key)
    {
        var beside = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(beside, options);
        file.Write(Encoding.ASCII.GetBytes(key.Reveal() + "\n"));
        file.Flush(flushToDisk: true);
        return beside;
    }
}
