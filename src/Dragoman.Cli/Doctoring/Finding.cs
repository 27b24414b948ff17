using System.Text.Json.Serialization;

namespace Dragoman.Cli.Doctoring;

/// <summary>How bad a finding is.</summary>
[JsonConverter(typeof(MarkConverter))]
internal enum Mark
{
    Ok,

    /// <summary>Worth knowing; nothing to be done unless one wants to.</summary>
    Note,

    /// <summary>It works, but not as well as it might, or not for long.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Error,
}

/// <summary>E.g. <c>warning</c>.</summary>
internal sealed class MarkConverter()
    : JsonStringEnumConverter<Mark>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower);

/// <summary>Something the doctor saw.</summary>
/// <param name="Check">What was looked at, e.g. <c>database</c>.</param>
/// <param name="Mark">How bad it is.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Remedy">What to do; null where there is nothing to do.</param>
internal sealed record Finding(string Check, Mark Mark, string Message, string? Remedy = null)
{
    public static Finding Ok(string check, string message) => new(check, Mark.Ok, message);

    public static Finding Note(string check, string message, string? remedy = null) =>
        new(check, Mark.Note, message, remedy);

    public static Finding Warning(string check, string message, string remedy) =>
        new(check, Mark.Warning, message, remedy);

    public static Finding Error(string check, string message, string remedy) =>
        new(check, Mark.Error, message, remedy);
}

/// <summary>What <c>doctor --json</c> prints.</summary>
/// <param name="Ok">Nothing is broken: the exit code is 0.</param>
/// <param name="Findings">In the order of the checks.</param>
internal sealed record DoctorReport(bool Ok, IReadOnlyList<Finding> Findings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
