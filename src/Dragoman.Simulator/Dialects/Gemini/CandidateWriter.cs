using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>Writes candidates, their parts and the usage, whole or piece by piece.</summary>
internal sealed class CandidateWriter(ChatAnswer answer, ChatCall call, ReplyStyle style)
{
    /// <summary>The whole answer, braces included.</summary>
    public void WriteWhole(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("candidates");
        foreach (var choice in answer.Choices)
            WriteCandidate(json, choice.Index, () => WriteParts(json, choice), FinishOf(choice));
        json.WriteEndArray();
        WriteRest(json, last: true);
        json.WriteEndObject();
    }

    /// <summary>One candidate of an answer or of a piece of it; <paramref name="finish"/> is null before its end.</summary>
    public void WriteCandidate(Utf8JsonWriter json, int index, Action parts, string? finish)
    {
        json.WriteStartObject();
        if (style.Quirk != Quirk.GeminiMalformedCall)
        {
            json.WriteStartObject("content");
            json.WriteStartArray("parts");
            parts();
            json.WriteEndArray();
            json.WriteString("role", "model");
            json.WriteEndObject();
        }
        if (finish is not null)
            json.WriteString("finishReason", finish);
        json.WriteNumber("index", index);
        if (finish is not null && style.Quirk == Quirk.GeminiGrounded)
            GroundingWriter.Write(json, string.Concat(answer.Choices[index].Text));
        if (finish == "SAFETY")
            WriteRatings(json);
        if (finish == "MALFORMED_FUNCTION_CALL")
            json.WriteString("finishMessage", "Malformed function call: print(simulated(");
        json.WriteEndObject();
    }

    /// <summary>What stands beside the candidates. Before the end the usage tells the prompt only.</summary>
    public void WriteRest(Utf8JsonWriter json, bool last)
    {
        if (style.Placement != UsagePlacement.Nowhere)
            WriteUsage(json, last);
        json.WriteString("modelVersion", answer.Model);
        json.WriteString("responseId", answer.Id);
    }

    public string FinishOf(ChatChoice choice) =>
        style switch
        {
            { Quirk: Quirk.GeminiMalformedCall } => "MALFORMED_FUNCTION_CALL",
            { Quirk: Quirk.GeminiRecitation } => "RECITATION",
            { Stop: "content_filter" } => "SAFETY",
            _ => choice.Finish == "length" ? "MAX_TOKENS" : "STOP",
        };

    public void WriteText(Utf8JsonWriter json, Action text, bool thought, string? signature = null)
    {
        json.WriteStartObject();
        json.WritePropertyName("text");
        text();
        if (thought)
            json.WriteBoolean("thought", true);
        if (signature is not null)
            json.WriteString("thoughtSignature", signature);
        json.WriteEndObject();
    }

    /// <summary>A call, whole as always here; the first of several carries the signature.</summary>
    public void WriteCall(Utf8JsonWriter json, ToolCall tool, bool first)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionCall");
        if (style.Quirk == Quirk.GeminiCallIds)
            json.WriteString("id", tool.Id);
        json.WriteString("name", tool.Name);
        json.WritePropertyName("args");
        json.WriteRawValue(tool.Arguments);
        json.WriteEndObject();
        if (first)
            json.WriteString("thoughtSignature", Thought.Sign(tool.Name));
        json.WriteEndObject();
    }

    /// <summary>The signature of a text that was thought about; null where it was not.</summary>
    public string? SignatureOf(ChatChoice choice) =>
        choice.Reasoning.Count == 0 ? null : Thought.Sign(string.Concat(choice.Reasoning));

    public ChatChoice Choice(int index) => answer.Choices[index];

    public bool ShowsReasoning => call.ShowsReasoning;

    /// <summary>Whether the signature comes with an empty text at the end rather than with the first.</summary>
    public bool SignsLate => style.Quirk == Quirk.GeminiLateSignature;

    private void WriteParts(Utf8JsonWriter json, ChatChoice choice)
    {
        if (choice.Reasoning.Count > 0 && ShowsReasoning)
            WriteText(
                json,
                () => json.WriteStringValue(string.Concat(choice.Reasoning)),
                thought: true
            );
        var signature = SignatureOf(choice);
        if (choice.Text.Count > 0)
            WriteText(
                json,
                () => json.WriteStringValue(string.Concat(choice.Text)),
                thought: false,
                SignsLate || choice.ToolCalls.Count > 0 ? null : signature
            );
        for (var tool = 0; tool < choice.ToolCalls.Count; tool++)
            WriteCall(json, choice.ToolCalls[tool], tool == 0);
        if (SignsLate && choice.ToolCalls.Count == 0)
            WriteText(json, () => json.WriteStringValue(""), thought: false, signature);
    }

    // thoughtsTokenCount stands outside candidatesTokenCount (as recorded).
    private void WriteUsage(Utf8JsonWriter json, bool last)
    {
        var usage = answer.Usage;
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", usage.Prompt);
        if (last)
            json.WriteNumber("candidatesTokenCount", usage.Completion - usage.Reasoning);
        json.WriteNumber("totalTokenCount", last ? usage.Total : usage.Prompt);
        if (usage.Cached > 0)
        {
            json.WriteNumber("cachedContentTokenCount", usage.Cached);
            WriteModality(json, "cacheTokensDetails", usage.Cached);
        }
        WriteModality(json, "promptTokensDetails", usage.Prompt);
        if (last && usage.Reasoning > 0)
            json.WriteNumber("thoughtsTokenCount", usage.Reasoning);
        json.WriteEndObject();
    }

    private static void WriteModality(Utf8JsonWriter json, string name, int tokens)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteString("modality", "TEXT");
        json.WriteNumber("tokenCount", tokens);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteRatings(Utf8JsonWriter json)
    {
        json.WriteStartArray("safetyRatings");
        json.WriteStartObject();
        json.WriteString("category", "HARM_CATEGORY_DANGEROUS_CONTENT");
        json.WriteString("probability", "HIGH");
        json.WriteBoolean("blocked", true);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
