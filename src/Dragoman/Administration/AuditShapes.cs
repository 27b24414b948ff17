using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Access.Auditing;

namespace Dragoman.Administration;

/// <summary>An entry of the audit trail.</summary>
public sealed record AuditEntryInfo
{
    /// <summary>Its place in the chain.</summary>
    public required long Number { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>A caller's id; <c>open</c> is an open server's caller on its machine; <c>file</c>, <c>start</c>, <c>nobody</c> and <c>gate</c> are no callers.</summary>
    public required string Who { get; init; }

    /// <summary>The caller's name and role at that time; null where nobody called.</summary>
    public required string? Name { get; init; }
    public required string? Role { get; init; }

    /// <summary>Where it came from; null where from nowhere.</summary>
    public required string? Address { get; init; }
    public required string? UserAgent { get; init; }

    /// <summary>E.g. <c>key.create</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The id of what it was done to.</summary>
    public required string? Subject { get; init; }

    /// <summary>How that was; null where it was not. Secrets are masked.</summary>
    public required JsonElement? Before { get; init; }

    /// <summary>How it is since; null where it is no more.</summary>
    public required JsonElement? After { get; init; }

    /// <summary>The seal over this entry and all before it, in hexadecimal digits.</summary>
    public required string Mac { get; init; }

    internal static AuditEntryInfo Of(AuditEntry entry) =>
        new()
        {
            Number = entry.Number,
            At = entry.At,
            Who = entry.Who,
            Name = entry.Name,
            Role = entry.Role,
            Address = entry.Address,
            UserAgent = entry.UserAgent,
            Action = entry.Action,
            Subject = entry.Subject,
            Before = Json(entry.Before),
            After = Json(entry.After),
            Mac = Convert.ToHexStringLower(entry.Mac),
        };

    /// <summary>Somebody may have changed it in the database: it is told as a text then, and the check says the rest.</summary>
    private static JsonElement? Json(string? text)
    {
        if (text is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text, PeopleJson.Readable.String);
        }
    }
}

/// <summary>Whether the audit trail is whole.</summary>
public sealed record AuditCheckInfo
{
    public required bool Whole { get; init; }

    /// <summary>Entries that were found whole, from the first on.</summary>
    public required long Entries { get; init; }

    /// <summary>The number of the first that is not; null where all are.</summary>
    public required long? FirstBroken { get; init; }

    /// <summary>What is wrong there.</summary>
    public required string? Trouble { get; init; }

    /// <summary>Where the chain ends. Kept elsewhere, it shows later that nothing was taken back.</summary>
    public required string? End { get; init; }

    internal static AuditCheckInfo Of(AuditCheck check) =>
        new()
        {
            Whole = check.IsWhole,
            Entries = check.Count,
            FirstBroken = check.Broken,
            Trouble = check.Trouble,
            End = check.End,
        };
}

/// <summary>Entries as a table: a line each, quoted as RFC 4180 has it.</summary>
internal static class AuditTable
{
    public const string Head =
        "number,at,who,name,role,address,user_agent,action,subject,before,after,mac\r\n";

    public static string Line(AuditEntryInfo entry)
    {
        var line = new StringBuilder();
        Add(line, entry.Number.ToString(CultureInfo.InvariantCulture));
        Add(
            line,
            entry
                .At.ToUniversalTime()
                .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
        );
        Add(line, entry.Who);
        Add(line, entry.Name);
        Add(line, entry.Role);
        Add(line, entry.Address);
        Add(line, entry.UserAgent);
        Add(line, entry.Action);
        Add(line, entry.Subject);
        Add(line, entry.Before?.GetRawText());
        Add(line, entry.After?.GetRawText());
        Add(line, entry.Mac);
        line.Length--;
        return line.Append("\r\n").ToString();
    }

    /// <summary>What begins like a formula is not to be one in a spreadsheet: it is somebody's name or user agent.</summary>
    private static void Add(StringBuilder line, string? value)
    {
        if (value is null)
        {
            line.Append(',');
            return;
        }
        var isFormula = value.Length > 0 && "=+-@\t\r".Contains(value[0], StringComparison.Ordinal);
        if (!isFormula && value.AsSpan().IndexOfAny("\",\r\n") < 0)
            line.Append(value);
        else
            line.Append('"')
                .Append(isFormula ? "'" : "")
                .Append(value.Replace("\"", "\"\"", StringComparison.Ordinal))
                .Append('"');
        line.Append(',');
    }
}
