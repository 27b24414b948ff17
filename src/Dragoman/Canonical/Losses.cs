using System.Collections;

namespace Dragoman.Canonical;

/// <summary>
/// What became of a request on its way into another dialect, in the words of <c>x-dragoman-changes</c>: what was dropped, clamped,
/// defaulted or translated, and what makes the target unfit altogether.
/// </summary>
public sealed class Losses : IReadOnlyCollection<string>
{
    private readonly List<string> _dropped = [];
    private List<string>? _changes;

    /// <summary>The paths of what could not be carried, e.g. <c>logit_bias</c> or <c>messages[2] (image by file id)</c>.</summary>
    public IReadOnlyList<string> Dropped => _dropped;

    /// <summary>Everything that was changed, ready for the header: <c>dropped:logit_bias</c>, <c>clamped:temperature 1.6→1</c>.</summary>
    public IReadOnlyList<string> Changes => _changes ?? (IReadOnlyList<string>)[];

    /// <summary>Why the target cannot serve the request at all: to go on without it would answer another question. Null where it can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Something the client said was dropped or bent: what <c>strict</c> does not bear.</summary>
    public bool IsLossy { get; private set; }

    public int Count => _dropped.Count;

    /// <summary>The target has no place for it; the request goes on without.</summary>
    public void Add(string path)
    {
        _dropped.Add(path);
        IsLossy = true;
        Change("dropped:" + path);
    }

    /// <summary>The target takes less or more than was asked for.</summary>
    public void Clamped(string parameter, string from, string to)
    {
        IsLossy = true;
        Change($"clamped:{parameter} {from}→{to}");
    }

    /// <summary>The target needs what the client did not say.</summary>
    public void Defaulted(string parameter, string value) =>
        Change($"defaulted:{parameter}={value}");

    /// <summary>Configuration wants another value than the client's.</summary>
    public void Overridden(string parameter, string value) =>
        Change($"overridden:{parameter}={value}");

    /// <summary>The target says the same in other words, which is worth telling.</summary>
    public void Translated(string parameter, string value) =>
        Change($"translated:{parameter}={value}");

    /// <summary>The target cannot serve this request; the first reason stands.</summary>
    public void Refuse(string why) => Refusal ??= why;

    public IEnumerator<string> GetEnumerator() => _dropped.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Change(string what)
    {
        _changes ??= [];
        if (!_changes.Contains(what))
            _changes.Add(what);
    }
}
