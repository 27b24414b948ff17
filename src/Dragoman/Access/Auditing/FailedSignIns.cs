using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Dragoman.Access.Auditing;

/// <summary>
/// Failed sign-ins in the audit trail: the first few of a time one by one, the rest of it as one entry with their number, so that
/// nobody fills a disk by trying.
/// </summary>
internal sealed class FailedSignIns(IAuditTrail trail, TimeProvider time)
{
    public const int OneByOne = 20;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const int MostNamed = 10;

    private readonly Lock _lock = new();
    private readonly SortedSet<string> _addresses = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private DateTimeOffset _since = DateTimeOffset.MinValue;
    private long _count;

    /// <summary>Notes one.</summary>
    /// <param name="failed">The event; its subject is whom it was for, null where that is nobody's name here.</param>
    public async ValueTask NoteAsync(AuditEvent failed)
    {
        AuditEvent? former;
        bool isAlone;
        lock (_lock)
        {
            former = time.GetUtcNow() - _since >= Window ? Close() : null;
            isAlone = ++_count <= OneByOne;
            if (!isAlone)
            {
                Name(_addresses, failed.Address);
                Name(_names, failed.Subject);
            }
        }
        if (former is not null)
            await trail.AppendAsync(former);
        if (isAlone)
            await trail.AppendAsync(failed);
    }

    /// <summary>Writes down what was only counted, if its time is up; called every minute, and at the end for all of it.</summary>
    public async ValueTask SweepAsync(bool isEnd = false)
    {
        AuditEvent? former = null;
        lock (_lock)
        {
            if (isEnd || time.GetUtcNow() - _since >= Window)
                former = Close();
        }
        if (former is not null)
            await trail.AppendAsync(former);
    }

    /// <summary>Begins a new time; gives what is to be said of the one before.</summary>
    private AuditEvent? Close()
    {
        var counted = _count - OneByOne;
        var said =
            counted > 0
                ? new AuditEvent
                {
                    Source = "gate",
                    Action = "session.fail",
                    After = Summary(counted),
                }
                : null;
        _addresses.Clear();
        _names.Clear();
        (_count, _since) = (0, time.GetUtcNow());
        return said;
    }

    private string Summary(long counted)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteNumber("count"u8, counted);
            json.WriteString("since"u8, _since.ToString("O", CultureInfo.InvariantCulture));
            Write(json, "addresses", _addresses);
            Write(json, "users", _names);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, SortedSet<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Name(SortedSet<string> named, string? text)
    {
        if (text is not null && named.Count < MostNamed)
            named.Add(text);
    }
}
