using System.Runtime.InteropServices;
using SQLitePCL;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// Chooses the SQLite library: the system's where it is present and at least as new as the bundled one, since the system's gets
/// security updates and the bundled one stays as it was packed.
/// </summary>
internal static class SqliteEngine
{
    /// <summary>Version of the library in SQLitePCLRaw.lib.e_sqlite3 2.0.6: 3.35.5.</summary>
    private const int BundledVersion = 3_035_005;

    private const string SystemLibrary = "libsqlite3.so.0";

    private const string BundledLibrary = "e_sqlite3";

    private static readonly Lazy<IntPtr> Ready = new(Initialize);

    /// <summary>The library that was chosen.</summary>
    public static IntPtr Library => Ready.Value;

    /// <summary>Loads the library; further calls do nothing.</summary>
    public static void Load() => _ = Ready.Value;

    private static IntPtr Initialize()
    {
        var bundle = typeof(SQLite3Provider_e_sqlite3).Assembly;
        var system = OperatingSystem.IsLinux() ? SystemHandle() : IntPtr.Zero;
        if (system != IntPtr.Zero)
        {
            NativeLibrary.SetDllImportResolver(
                bundle,
                (name, _, _) => name == BundledLibrary ? system : IntPtr.Zero
            );
        }
        Batteries_V2.Init();
        return system != IntPtr.Zero
            ? system
            : NativeLibrary.Load(BundledLibrary, bundle, searchPath: null);
    }

    /// <summary>Zero lets the runtime take the bundled library.</summary>
    private static unsafe IntPtr SystemHandle()
    {
        if (!NativeLibrary.TryLoad(SystemLibrary, out var library))
            return IntPtr.Zero;
        var version = (delegate* unmanaged<int>)
            NativeLibrary.GetExport(library, "sqlite3_libversion_number");
        var threadSafe = (delegate* unmanaged<int>)
            NativeLibrary.GetExport(library, "sqlite3_threadsafe");
        return version() >= BundledVersion && threadSafe() != 0 ? library : IntPtr.Zero;
    }
}
