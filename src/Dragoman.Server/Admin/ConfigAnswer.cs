using System.Buffers;
using System.Text.Json;
using Dragoman.Administration;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;
using Dragoman.Secrets;
using Dragoman.Server.Inference;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Admin;

/// <summary>How configured things are answered: what the file would say of them, and what only an answer has.</summary>
internal static class ConfigAnswer
{
    /// <summary>Writes an entry.</summary>
    public static void Write(Utf8JsonWriter json, ConfigThing thing, EnteredSecrets secrets)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, thing.Id);
        foreach (var field in (thing.Value as ConfigMap)?.Entries ?? [])
        {
            json.WritePropertyName(field.Key);
            JsonNodes.Write(json, field.Value);
        }
        WriteSecrets(json, thing, secrets);
        if (thing.Trouble is { } trouble)
            json.WriteString("trouble"u8, trouble);
        Time(json, "createdAt"u8, thing.Stored?.CreatedAt);
        Time(json, "updatedAt"u8, thing.Stored?.UpdatedAt);
        json.WriteString("declaredIn"u8, thing.DeclaredIn);
        json.WriteEndObject();
    }

    /// <summary>Answers with an entry and its mark.</summary>
    public static Task WriteAsync(HttpContext context, ConfigThing thing, EnteredSecrets secrets)
    {
        EntityTags.Write(context.Response, thing.Mark);
        return NativeAnswer.WriteAsync(context, json => Write(json, thing, secrets));
    }

    /// <summary>Answers with what came of a change of several entries, or why nothing did.</summary>
    public static Task WriteAsync(
        HttpContext context,
        ConfigOutcome outcome,
        bool dryRun = false
    ) =>
        // What a trial finds wrong is its answer, no failure.
        outcome.Error
            is not null
        && !(dryRun && outcome.Mistakes.Count > 0)
            ? RefuseAsync(context, outcome)
            : NativeAnswer.WriteAsync(
                context,
                ConfigurationChanges.Of(outcome, dryRun),
                ConfigurationJson.Readable.ConfigurationChanged
            );

    /// <summary>A problem document that tells every mistake.</summary>
    /// <param name="context">The request.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="entry">The path of the entry in question, which its fields are named without; null names them whole.</param>
    public static Task RefuseAsync(HttpContext context, ConfigOutcome outcome, string? entry = null)
    {
        var error = outcome.Error!;
        if (
            entry is not null
            && error.Param is { } path
            && path.StartsWith(entry + ".", StringComparison.Ordinal)
        )
            error = error with { Param = path[(entry.Length + 1)..] };
        return ErrorShape.Problem.WriteAsync(
            context.Response,
            error,
            document =>
            {
                if (outcome.Mistakes.Count == 0)
                {
                    ProblemDocument.Write(document, error);
                    return;
                }
                var plain = new ArrayBufferWriter<byte>();
                ProblemDocument.Write(plain, error);
                using var json = new Utf8JsonWriter(
                    document,
                    Dragoman.Native.CompletionJson.WriterOptions
                );
                using var known = JsonDocument.Parse(plain.WrittenMemory);
                json.WriteStartObject();
                foreach (var member in known.RootElement.EnumerateObject())
                    member.WriteTo(json);
                json.WriteStartArray("mistakes"u8);
                foreach (var mistake in outcome.Mistakes)
                    JsonSerializer.Serialize(
                        json,
                        ConfigurationChanges.Of(mistake),
                        ConfigurationJson.Readable.ConfigurationMistake
                    );
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );
    }

    private static void WriteSecrets(Utf8JsonWriter json, ConfigThing thing, EnteredSecrets secrets)
    {
        var ids = SecretFields.IdsIn(JsonNodes.ToJson(thing.Value)).ToList();
        if (ids.Count == 0)
            return;
        json.WriteStartArray("secrets"u8);
        foreach (var id in ids)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("shown"u8, secrets.Shown(id));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Time(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(name, known);
        else
            json.WriteNull(name);
    }
}
