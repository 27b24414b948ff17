using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes a request's plain parameters: each under the target's name for it, or left out and named where it is refused.</summary>
internal sealed class OpenAIParameterWriter(Utf8JsonWriter json, OpenAITarget target)
{
    public void Write(ChatRequest request)
    {
        Write("max_completion_tokens", request.MaxCompletionTokens);
        // One name for both: what was said by the newer one stands.
        if (request.MaxCompletionTokens is null || target.Habits.Names.Count == 0)
            Write("max_tokens", request.MaxTokens);
        Write("temperature", request.Temperature);
        Write("top_p", request.TopP);
        Write("top_k", request.TopK);
        Write("frequency_penalty", request.FrequencyPenalty);
        Write("presence_penalty", request.PresencePenalty);
        Write("seed", request.Seed);
        Write("n", request.Count);
        if (Name("logprobs", request.LogProbs is not null) is { } logProbs)
            DialectJson.Write(json, logProbs, request.LogProbs);
        Write("top_logprobs", request.TopLogProbs);
        WriteStop(request);
        Write("prediction", request.Prediction);
        Write("service_tier", request.ServiceTier);
        Write("user", request.User);
        Write("metadata", request.Metadata);
        foreach (var field in request.Raw)
            WriteRaw(field);
    }

    private void Write(string member, long? value)
    {
        if (Name(member, value is not null) is { } name)
            DialectJson.Write(json, name, value);
    }

    private void Write(string member, double? value)
    {
        // What the model does by itself is no loss.
        if (value is 1 && member is ("temperature" or "top_p") && target.NameOf(member) is null)
            return;
        if (Name(member, value is not null) is { } name)
            DialectJson.Write(json, name, value);
    }

    private void Write(string member, JsonText? value)
    {
        if (Name(member, value is not null) is { } name)
            DialectJson.Write(json, name, value);
    }

    private void Write(string member, RawJson value)
    {
        if (Name(member, !value.IsEmpty) is { } name)
            DialectJson.Write(json, name, value);
    }

    private void WriteRaw(in RawField field)
    {
        if (field.Dialect != OpenAIChatDialect.DialectName || field.Parent is not null)
            return;
        var isNull = field.Value.Utf8.Span.SequenceEqual("null"u8);
        var isRefused = target.NameOf(field.Name.ToString()) is null;
        if (isRefused && !isNull)
            target.Losses.Add(field.Name.ToString());
        if (!isRefused)
            OpenAIJson.WriteRaw(json, [field]);
    }

    private void WriteStop(ChatRequest request)
    {
        if (request.Stop.Count == 0 || Name("stop", isSaid: true) is not { } name)
            return;
        json.WritePropertyName(name);
        if (request.IsBareStop)
        {
            request.Stop[0].WriteTo(json);
            return;
        }
        var most = target.Habits.MaxStop ?? int.MaxValue;
        json.WriteStartArray();
        foreach (var stop in request.Stop.Take(most))
            stop.WriteTo(json);
        json.WriteEndArray();
        if (request.Stop.Count > most)
            target.Losses.Clamped(
                "stop",
                request.Stop.Count.ToString(CultureInfo.InvariantCulture),
                most.ToString(CultureInfo.InvariantCulture)
            );
    }

    /// <summary>The target's name; null, and the loss named, where it refuses the member.</summary>
    private byte[]? Name(string member, bool isSaid)
    {
        var name = target.NameOf(member);
        if (!isSaid)
            return null;
        if (name is null)
            target.Losses.Add(member);
        else if (name != member)
            target.Losses.Translated(member, name);
        // By way of bytes, since half a surrogate in a name would throw.
        return name is null ? null : Encoding.UTF8.GetBytes(name);
    }
}
