using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads the result of a tool that the client ran.</summary>
internal static class ResponsesOutputReader
{
    public static ToolResultPart Read(ref JsonCursor json, ClientToolKind kind, int at)
    {
        var raw = new RawFields(OpenAIResponsesDialect.DialectName);
        var content = new List<Part>();
        JsonText? callId = null;
        JsonText? id = null;
        bool? isError = null;
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Skip();
            else if (json.Is("call_id"u8))
                callId = json.Text(ref raw);
            else if (json.Is("id"u8))
                id = json.Text(ref raw);
            else if (json.Is("output"u8) && kind != ClientToolKind.Shell)
                ResponsesPartReader.TryRead(ref json, ref raw, isReply: false, content);
            // Exit codes and outputs per command, or the tools that were found: to another model they are just text.
            else if (json.Is("output"u8) || json.Is("tools"u8))
                content.Add(new TextPart(JsonText.Of(json.TakeJson().ToString())));
            else if (json.ValueIs("failed"u8) && json.Is("status"u8))
            {
                isError = true;
                json.Skip();
            }
            else
                json.Skip();
        }
        if (callId is null && kind != ClientToolKind.LocalShell)
            json.Missing("call_id", "the call's id", at);
        return new ToolResultPart(callId ?? id, content) { IsError = isError, Raw = raw.ToList() };
    }
}
