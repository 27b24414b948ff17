using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>Gathers an object's members that have no canonical place; costs nothing while there are none.</summary>
internal struct RawFields(string dialect)
{
    private List<RawField>? _fields;

    /// <summary>The inner object whose members are being read, e.g. <c>function</c>; null for the owner itself.</summary>
    public string? Parent { get; set; }

    public void Add(JsonText name, RawJson value, bool isVital = false) =>
        (_fields ??= []).Add(new RawField(dialect, Parent, name, value) { IsVital = isVital });

    public readonly IReadOnlyList<RawField> ToList() => _fields ?? (IReadOnlyList<RawField>)[];
}
