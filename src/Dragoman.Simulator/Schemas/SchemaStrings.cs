using System.Globalization;

namespace Dragoman.Simulator.Schemas;

/// <summary>A string of a schema's format, pattern and length.</summary>
internal static class SchemaStrings
{
    public static string Of(SchemaView view, string name, int variant)
    {
        if (view.Text("pattern") is { } pattern && PatternSample.Of(pattern) is { } sample)
            return sample;
        var text = Formatted(view.Text("format"), variant);
        if (text is not null)
            return text;
        text = variant == 0 ? $"simulated {name}" : $"simulated {name} {variant + 1}";
        var least = view.Size("minLength") ?? 0;
        var most = view.Size("maxLength") ?? int.MaxValue;
        if (text.Length < least)
            text = text.PadRight(least, '.');
        return text.Length > most ? text[..most] : text;
    }

    private static string? Formatted(string? format, int variant) =>
        format switch
        {
            "date-time" => Invariant($"2026-01-{variant % 28 + 1:00}T12:00:00Z"),
            "date" => Invariant($"2026-01-{variant % 28 + 1:00}"),
            "time" => Invariant($"{variant % 24:00}:00:00Z"),
            "duration" => Invariant($"P{variant + 1}D"),
            "email" => Invariant($"person{variant + 1}@example.com"),
            "hostname" => Invariant($"host{variant + 1}.example.com"),
            "ipv4" => Invariant($"192.0.2.{variant % 254 + 1}"),
            "ipv6" => Invariant($"2001:db8::{variant + 1:x}"),
            "uuid" => Invariant($"00000000-0000-4000-8000-{variant + 1:x12}"),
            "uri" or "url" => Invariant($"https://example.com/{variant + 1}"),
            _ => null,
        };

    private static string Invariant(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
