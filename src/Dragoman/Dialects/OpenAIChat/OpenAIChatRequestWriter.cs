using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes a chat completions request.</summary>
internal static class OpenAIChatRequestWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="deployment">Whom it goes to.</param>
    /// <param name="losses">Takes the path of each thing that this dialect or the target cannot say.</param>
    public static void Write(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment deployment,
        Losses losses
    )
    {
        var target = new OpenAITarget(deployment, losses);
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        DialectJson.Write(json, "model"u8, request.Model);
        request = OpenAIAnswerShape.Fit(ToolCallIds.Given(request), target);
        new OpenAIConversationWriter(json, target).Write(request.Messages);
        OpenAIToolWriter.WriteTools(json, request, target);
        new OpenAIParameterWriter(json, target).Write(request);
        OpenAIResponseFormatWriter.Write(json, request.ResponseFormat, losses);
        OpenAIReasoningWriter.Write(json, request, target);
        DialectJson.Write(json, "stream"u8, request.Stream);
        WriteStreamOptions(json, request, target);
        OpenAIJson.NameLosses(request.Raw, "", losses);
        json.WriteEndObject();
    }

    private static void WriteStreamOptions(
        Utf8JsonWriter json,
        ChatRequest request,
        OpenAITarget target
    )
    {
        const string Member = "stream_options";
        if (request.IncludeUsage is null && !OpenAIJson.Has(request.Raw, Member, default))
            return;
        if (!target.Deployment.Provider.Type.StreamOptions)
        {
            target.Losses.Add(Member);
            return;
        }
        json.WriteStartObject("stream_options"u8);
        DialectJson.Write(json, "include_usage"u8, request.IncludeUsage);
        OpenAIJson.WriteRaw(json, request.Raw, Member);
        json.WriteEndObject();
    }
}
