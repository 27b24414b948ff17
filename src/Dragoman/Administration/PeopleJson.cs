using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dragoman.Administration;

/// <summary>How people, sessions and the audit trail look as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(UserInfo))]
[JsonSerializable(typeof(TeamInfo))]
[JsonSerializable(typeof(WorkspaceInfo))]
[JsonSerializable(typeof(SessionInfo))]
[JsonSerializable(typeof(SignedInInfo))]
[JsonSerializable(typeof(AuditEntryInfo))]
[JsonSerializable(typeof(AuditCheckInfo))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(AdminList<UserInfo>))]
[JsonSerializable(typeof(AdminList<TeamInfo>))]
[JsonSerializable(typeof(AdminList<WorkspaceInfo>))]
[JsonSerializable(typeof(AdminList<SessionInfo>))]
[JsonSerializable(typeof(AdminList<AuditEntryInfo>))]
internal sealed partial class PeopleJson : JsonSerializerContext
{
    /// <summary>Where people are declared: nowhere but through the API.</summary>
    public const string Here = "api";

    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static PeopleJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
