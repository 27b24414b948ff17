using Dragoman.Configuration;
using Dragoman.Configuration.Stored;

namespace Dragoman;

/// <summary>
/// Builds with what is stored, leaving out entries that are wrong, however they came to be: what the database holds never keeps
/// a server from starting, nor a file from being read.
/// </summary>
internal static class StoredBuild
{
    /// <summary>What was built, and what is wrong with each entry that is not in it.</summary>
    public static (BuiltSnapshot Built, IReadOnlyList<ConfigMistake> LeftOut) Of(
        Func<IReadOnlyList<StoredEntry>, BuiltSnapshot> build,
        IReadOnlyList<StoredEntry> stored
    )
    {
        var whole = build(stored);
        if (whole.Snapshot is not null || stored.Count == 0)
            return (whole, []);
        var leftOut = new List<ConfigMistake>();
        var (sound, built) = (stored, whole);
        // Without one, others may come to refer to nothing.
        while (built.Snapshot is null && Blamed(built) is { Count: > 0 } blamed)
        {
            leftOut.AddRange(blamed);
            sound = [.. sound.Where(entry => !blamed.Exists(mistake => mistake.Stored == entry))];
            built = build(sound);
        }
        return built.Snapshot is not null
            ? (With(built, leftOut), leftOut)
            : OneByOne(build, stored, whole);
    }

    /// <summary>Where the file itself is sound, and an entry makes it wrong without being blamed for it: those that go together.</summary>
    private static (BuiltSnapshot, IReadOnlyList<ConfigMistake>) OneByOne(
        Func<IReadOnlyList<StoredEntry>, BuiltSnapshot> build,
        IReadOnlyList<StoredEntry> stored,
        BuiltSnapshot whole
    )
    {
        var (sound, built) = (new List<StoredEntry>(), build([]));
        if (built.Snapshot is null)
            return (whole, []);
        var leftOut = new List<ConfigMistake>();
        foreach (
            var entry in stored.OrderBy(static entry =>
                ConfigKind.All.ToList().FindIndex(kind => kind.Name == entry.Kind)
            )
        )
        {
            var with = build([.. sound, entry]);
            if (with.Snapshot is null)
                leftOut.Add(
                    with.Report.Mistakes.First(static mistake => !mistake.IsWarning) with
                    {
                        Stored = entry,
                        File = ConfigMistake.StoredFile,
                        Line = 0,
                    }
                );
            else
            {
                sound.Add(entry);
                built = with;
            }
        }
        return (With(built, leftOut), leftOut);
    }

    private static List<ConfigMistake> Blamed(BuiltSnapshot built) =>
        [
            .. built.Report.Mistakes.Where(static mistake =>
                mistake is { IsWarning: false, Stored: not null }
            ),
        ];

    /// <summary>What was left out is worth a warning, and no reason to refuse the rest.</summary>
    private static BuiltSnapshot With(BuiltSnapshot built, List<ConfigMistake> leftOut) =>
        built with
        {
            Report = built.Report with
            {
                Mistakes =
                [
                    .. built.Report.Mistakes,
                    .. leftOut.Select(static mistake =>
                        mistake with
                        {
                            IsWarning = true,
                            Message =
                                $"{mistake.Message} The {ConfigKind.Find(mistake.Stored!.Kind)?.Noun ?? mistake.Stored.Kind} '{mistake.Stored.Id}' is left out.",
                        }
                    ),
                ],
            },
        };
}
