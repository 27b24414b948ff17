using System.Globalization;
using System.Text.Json;

namespace Dragoman.Simulator.Dialects.Ollama;

/// <summary>Reads <c>keep_alive</c>: seconds as a number, or a text such as <c>10m</c>; below zero means for ever.</summary>
internal static class KeepAlive
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Ever = TimeSpan.FromDays(3650);

    public static TimeSpan Of(JsonElement root)
    {
        if (!root.TryGetProperty("keep_alive", out var field))
            return Usual;
        var text =
            field.ValueKind == JsonValueKind.String ? field.GetString()! : field.GetRawText();
        var unit = text.TrimStart('-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        if (
            !double.TryParse(
                text.AsSpan(0, text.Length - unit.Length),
                CultureInfo.InvariantCulture,
                out var count
            )
        )
            return Usual;
        if (count < 0)
            return Ever;
        var seconds = unit switch
        {
            "h" => count * 3600,
            "m" => count * 60,
            "ms" => count / 1000,
            _ => count,
        };
        return seconds > Ever.TotalSeconds ? Ever : TimeSpan.FromSeconds(seconds);
    }
}
