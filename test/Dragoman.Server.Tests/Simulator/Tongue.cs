using System.Globalization;
using Dragoman.Simulator;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>How a test asks the same in each dialect, and finds its way in what comes back.</summary>
internal sealed record Tongue(SimulatedDialect Dialect)
{
    private static readonly (string, string)[] Version = [("anthropic-version", "2023-06-01")];

    /// <summary>What a sound stream ends with.</summary>
    public string End =>
        Dialect switch
        {
            SimulatedDialect.AnthropicMessages => "\"type\":\"message_stop\"",
            SimulatedDialect.Gemini => "\"finishReason\":\"STOP\"",
            SimulatedDialect.Ollama => "\"done\":true",
            SimulatedDialect.OpenAIResponses => "event: response.completed",
            _ => "data: [DONE]",
        };

    /// <summary>What an error within a stream begins with.</summary>
    public string Error =>
        Dialect switch
        {
            SimulatedDialect.AnthropicMessages =>
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"",
            SimulatedDialect.Gemini => "data: {\"error\":{\"code\":500",
            SimulatedDialect.Ollama => "\n{\"error\":\"",
            SimulatedDialect.OpenAIResponses =>
                "event: error\ndata: {\"type\":\"error\",\"sequence_number\":",
            _ => "data: {\"error\":{",
        };

    public async Task<WireAnswer> AskAsync(
        SimulatorClient client,
        string model,
        bool stream,
        string prompt = "Tell me about cats"
    )
    {
        var flag = stream ? "true" : "false";
        var user = $$"""[{"role":"user","content":"{{prompt}}"}]""";
        return Dialect switch
        {
            SimulatedDialect.AnthropicMessages => await client.CallAsync(
                "/v1/messages",
                $$"""{"model":"{{model}}","max_tokens":4096,"stream":{{flag}},"messages":{{user}}}""",
                Version
            ),
            SimulatedDialect.Gemini => await client.CallAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"/v1beta/models/{model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}"
                ),
                $$"""{"contents":[{"role":"user","parts":[{"text":"{{prompt}}"}]}]}"""
            ),
            SimulatedDialect.Ollama => await client.CallAsync(
                "/api/chat",
                $$"""{"model":"{{model}}","stream":{{flag}},"messages":{{user}}}"""
            ),
            SimulatedDialect.OpenAIResponses => await client.CallAsync(
                "/v1/responses",
                $$"""{"model":"{{model}}","stream":{{flag}},"input":{{user}}}"""
            ),
            SimulatedDialect.AzureOpenAI => await client.CallAsync(
                $"/openai/deployments/{model}/chat/completions?api-version=2024-10-21",
                $$"""{"stream":{{flag}},"messages":{{user}}}"""
            ),
            _ => await client.CallAsync(
                "/v1/chat/completions",
                $$"""{"model":"{{model}}","stream":{{flag}},"messages":{{user}}}"""
            ),
        };
    }
}
