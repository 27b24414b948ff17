using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>Reads the body of a <c>generateContent</c> request, or says what is wrong with it.</summary>
internal static class GeminiCallReader
{
    private const int MostCandidates = 8;

    public static ChatCall? Read(JsonElement root, bool stream, out ApiError? error)
    {
        if (ContentsReader.Read(root, out var mistake) is not { } transcript)
        {
            error = new(400, mistake!);
            return null;
        }
        var config = root.Either("generationConfig");
        var candidates = config.EitherNumber("candidateCount") ?? 1;
        var most = config.EitherNumber("maxOutputTokens");
        if (candidates is < 1 or > MostCandidates || most < 1)
        {
            error = new(
                400,
                "Unable to submit request because candidateCount or maxOutputTokens is out of its range."
            );
            return null;
        }
        error = null;
        var thinking = config.Either("thinkingConfig");
        var calling = root.Either("toolConfig").Either("functionCallingConfig");
        var allowed = calling
            .EitherItems("allowedFunctionNames")
            .Select(name => name.GetString())
            .ToList();
        var (format, schema) = Format(config);
        return new ChatCall
        {
            Transcript = transcript,
            Stream = stream,
            Choices = candidates,
            MaxTokens = most,
            Stops = [.. config.EitherItems("stopSequences").Select(stop => stop.GetString() ?? "")],
            Reasons = Reasons(thinking),
            ShowsReasoning = thinking.Either("includeThoughts").ValueKind == JsonValueKind.True,
            ReasoningEffort = thinking.EitherText("thinkingLevel")?.ToLowerInvariant(),
            Format = format,
            Schema = schema,
            Tools =
            [
                .. Tools(root).Where(tool => allowed.Count == 0 || allowed.Contains(tool.Name)),
            ],
            Demand = calling.EitherText("mode")?.ToUpperInvariant() switch
            {
                "ANY" => ToolDemand.Required,
                "NONE" => ToolDemand.None,
                _ => ToolDemand.Auto,
            },
            DemandedTool = allowed.Count == 1 ? allowed[0] : null,
        };
    }

    // No thoughts for a budget of 0; -1 leaves it to the model.
    private static bool? Reasons(JsonElement thinking) =>
        thinking.EitherNumber("thinkingBudget") switch
        {
            0 => false,
            > 0 => true,
            _ when thinking.Either("includeThoughts").ValueKind == JsonValueKind.True => true,
            _ => thinking.EitherText("thinkingLevel") is null ? null : true,
        };

    private static (AnswerFormat, JsonElement) Format(JsonElement config)
    {
        if (config.EitherText("responseMimeType") != "application/json")
            return (AnswerFormat.Text, default);
        foreach (var name in new[] { "responseJsonSchema", "responseSchema" })
        {
            if (config.Either(name) is { ValueKind: JsonValueKind.Object } schema)
                return (AnswerFormat.JsonSchema, schema);
        }
        return (AnswerFormat.JsonObject, default);
    }

    private static IEnumerable<ToolOffer> Tools(JsonElement root) =>
        from tool in root.EitherItems("tools")
        from declared in tool.EitherItems("functionDeclarations")
        let name = declared.Text("name")
        where name is not null
        select new ToolOffer(
            name,
            declared.Either("parametersJsonSchema") is { ValueKind: JsonValueKind.Object } schema
                ? schema
                : declared.Object("parameters")
        );
}
