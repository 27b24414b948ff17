using System.Globalization;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Configuration;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;

namespace Dragoman;

/// <content>Changing it: checked as a whole, kept, put to use, audited; one change at a time.</content>
internal sealed partial class GatewayConfiguration
{
    /// <summary>Does all of these changes or none.</summary>
    /// <param name="changes">What is to be different.</param>
    /// <param name="by">Who asks for it, and from where.</param>
    /// <param name="what">What it is, in a line, for the list of versions; null says it by the changes.</param>
    /// <param name="isTrial">Only tells what would come of it.</param>
    /// <param name="cancellationToken">Gives it up before it is begun.</param>
    public async Task<ConfigOutcome> ChangeAsync(
        IReadOnlyList<ConfigChange> changes,
        AuditEvent by,
        string? what = null,
        bool isTrial = false,
        CancellationToken cancellationToken = default
    )
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var outcome = await Task.Run(
                () => Change(changes, by, what, isTrial),
                CancellationToken.None
            );
            if (outcome.Error is null && !isTrial)
                await TellAsync(outcome.Differences, by);
            return outcome;
        }
        finally
        {
            _secrets.Forget();
            _changing.Release();
        }
    }

    private ConfigOutcome Change(
        IReadOnlyList<ConfigChange> changes,
        AuditEvent by,
        string? what,
        bool isTrial
    )
    {
        var mistakes = new ConfigMistakes("body");
        var before = ConfigDocument.Of(_entries);
        var (put, removed) = (new List<StoredEntry>(), new List<StoredEntry>());
        foreach (var change in changes)
        {
            var present = Find(change.Kind, change.Id);
            if (change.Mark?.Invoke(present) is { } stale)
                return new ConfigOutcome { Error = stale, Version = _version };
            if (Refusal(change, present) is { } error)
                return new ConfigOutcome { Error = error, Version = _version };
            if (change.Json is null)
            {
                if (present?.Stored is { } gone)
                    removed.Add(gone);
            }
            else if (Entry(change, present?.Stored, mistakes, put.Count) is { } entry)
                put.Add(entry);
        }
        if (mistakes.Any)
            return Wrong(mistakes.All);

        var after = After(put, removed);
        var differences = ConfigDifference.Between(before, ConfigDocument.Of(after));
        if (differences.Count == 0)
            return new ConfigOutcome { Version = _version };
        // What is left out already is no reason to refuse another change; it may even mend it.
        var leftOut = _snapshots.LeftOut.Select(static mistake => mistake.Stored).ToHashSet();
        var report = _snapshots.Try([.. after.Where(entry => !leftOut.Contains(entry))]);
        if (!report.IsApplied)
            return Wrong([
                .. report.Mistakes.Select(mistake =>
                    mistake.Stored is { } entry && put.Contains(entry)
                        ? mistake with
                        {
                            File = "body",
                        }
                        : mistake
                ),
            ]);
        var outcome = new ConfigOutcome
        {
            Mistakes = [.. report.Mistakes.Where(static mistake => mistake.Stored is not null)],
            Differences = differences,
            Version = isTrial ? _version : _version + 1,
        };
        if (isTrial)
            return outcome;

        _secrets.Keep();
        var version = new StoredVersion
        {
            Number = _version + 1,
            At = _time.GetUtcNow(),
            By = by.Who?.Id,
            What = what ?? Said(differences),
            Document = ConfigDocument.Of(after),
        };
        if (!_store.Commit(put, removed, version))
        {
            Load();
            _snapshots.Reload();
            return new ConfigOutcome { Error = Overtaken(), Version = _version };
        }
        Volatile.Write(ref _entries, after);
        Volatile.Write(ref _version, version.Number);
        _snapshots.Stored = after;
        _snapshots.Reload();
        return outcome;
    }

    /// <summary>What the file or the environment says is not ours to change.</summary>
    private GatewayError? Refusal(ConfigChange change, ConfigThing? present)
    {
        if (present is null || present.DeclaredIn == ConfigThing.Api)
            return change.Kind.Shape == ConfigShape.One ? RefusedFields(change) : null;
        if (present.DeclaredIn == ConfigThing.File)
            return change.Kind.Shape == ConfigShape.One
                ? RefusedFields(change)
                : Conflict(
                    "declared_in_file",
                    $"The {change.Kind.Noun} '{present.Id}' is declared in {FileName}, and what the file says wins: change it there."
                );
        // What is only found here may be declared: what is said then counts instead.
        return change.Json is not null
            ? null
            : Conflict(
                "declared_elsewhere",
                $"The {change.Kind.Noun} '{present.Id}' is here because of the {present.DeclaredIn}, and goes with it."
            );
    }

    private GatewayError? RefusedFields(ConfigChange change)
    {
        if (
            change.Json is null
            || _snapshots.Declared.Find(change.Kind, change.Kind.OnlyId) is not ConfigMap said
            || JsonNodes.Parse(change.Json) is not ConfigMap asked
        )
            return null;
        foreach (var field in asked.Entries)
            if (
                said.Find(field.Key) is { } other
                && JsonNodes.ToJson(other.Value) != JsonNodes.ToJson(field.Value)
            )
                return Conflict(
                    "declared_in_file",
                    $"'{field.Key}' is declared in {FileName}, and what the file says wins: change it there.",
                    field.Key
                );
        return null;
    }

    /// <summary>The entry as it is to be kept: secrets taken out of it, fields of the file left to the file.</summary>
    private StoredEntry? Entry(
        ConfigChange change,
        StoredEntry? former,
        ConfigMistakes mistakes,
        int place
    )
    {
        var node = JsonNodes.Parse(change.Json!);
        if (HouseVariable(node) is { } variable)
        {
            mistakes.AddAt(
                0,
                $"{change.Kind.Section}.{ConfigSection.Shown(change.Id)}",
                $"'{variable}' is the server's own: what is entered here may not read it."
            );
            return null;
        }
        node = SecretFields.Taken(change.Kind, node, secret => _secrets.Try(change.Id, secret));
        if (
            change.Kind.Shape == ConfigShape.One
            && node is ConfigMap fields
            && _snapshots.Declared.Find(change.Kind, change.Kind.OnlyId) is ConfigMap said
        )
            node = JsonNodes.Map([.. fields.Entries.Where(field => said.Find(field.Key) is null)]);
        var now = _time.GetUtcNow();
        return new StoredEntry
        {
            Kind = change.Kind.Name,
            Id = former?.Id ?? change.Id,
            Json = JsonNodes.ToJson(node),
            Version = _version + 1,
            // The order in which they came is theirs, also where they come together.
            CreatedAt = former?.CreatedAt ?? now.AddMicroseconds(place),
            UpdatedAt = now,
        };
    }

    private List<StoredEntry> After(List<StoredEntry> put, List<StoredEntry> removed)
    {
        var after = _entries
            .Where(entry => !removed.Contains(entry))
            .Select(entry =>
                put.Find(other => other.Kind == entry.Kind && other.Id == entry.Id) ?? entry
            )
            .ToList();
        after.AddRange(
            put.Where(entry =>
                !after.Exists(other => other.Kind == entry.Kind && other.Id == entry.Id)
            )
        );
        return after;
    }

    private async Task TellAsync(IReadOnlyList<ConfigDifference> differences, AuditEvent by)
    {
        if (_audit is null)
            return;
        foreach (var difference in differences)
            await _audit.AppendAsync(
                by with
                {
                    Action =
                        $"{difference.Kind.Noun}.{(difference.Before is null ? "create" : difference.After is null ? "delete" : "update")}",
                    Subject = difference.Id,
                    Before = difference.Before,
                    After = difference.After,
                }
            );
    }

    private ConfigOutcome Wrong(IReadOnlyList<ConfigMistake> mistakes)
    {
        var first = mistakes.First(static mistake => !mistake.IsWarning);
        var more = mistakes.Count(static mistake => !mistake.IsWarning) - 1;
        return new ConfigOutcome
        {
            Mistakes = mistakes,
            Version = _version,
            Error = new GatewayError(
                GatewayErrorKind.InvalidRequest,
                $"{(first.Path.Length == 0 ? "" : first.Path + ": ")}{first.Message}"
                    + (first.Suggestion is null ? "" : $" Did you mean '{first.Suggestion}'?")
                    + (
                        more == 0
                            ? ""
                            : string.Create(
                                CultureInfo.InvariantCulture,
                                $" ({more} more in 'mistakes'.)"
                            )
                    )
            )
            {
                Code = "invalid_configuration",
                Param = first.Path.Length == 0 ? null : first.Path,
            },
        };
    }

    private static string Said(IReadOnlyList<ConfigDifference> differences)
    {
        const int Most = 5;
        var said = differences
            .Take(Most)
            .Select(static one => $"{one.Change} {one.Kind.Noun} '{one.Id}'");
        return string.Join(", ", said)
            + (
                differences.Count > Most
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $" and {differences.Count - Most} more"
                    )
                    : ""
            );
    }

    private static GatewayError Overtaken() =>
        Conflict(
            "overtaken",
            "Another process changed the configuration at the same time: look at it again, and send your change again."
        );

    private static GatewayError Conflict(string code, string message, string? param = "id") =>
        new(GatewayErrorKind.InvalidRequest, message)
        {
            StatusOverride = 409,
            Code = code,
            Param = param,
        };

    /// <summary>A variable of this server's own that a text would bring out: its master key, say, into a provider's address.</summary>
    private static string? HouseVariable(ConfigNode node) =>
        node switch
        {
            ConfigMap map => map
                .Entries.Select(static entry =>
                    entry is { Key: "api_key_env", Value: ConfigScalar named }
                    && IsHouse(named.Text)
                        ? named.Text
                        : HouseVariable(entry.Value)
                )
                .FirstOrDefault(static name => name is not null),
            ConfigList list => list
                .Items.Select(HouseVariable)
                .FirstOrDefault(static name => name is not null),
            ConfigScalar { Text: var text } => VariablesIn(text).FirstOrDefault(IsHouse),
            _ => null,
        };

    private static bool IsHouse(string variable) =>
        variable.StartsWith("DRAGOMAN_", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> VariablesIn(string text) =>
        text.Split("${").Skip(1).Select(static rest => rest.Split('}')[0]);
}
