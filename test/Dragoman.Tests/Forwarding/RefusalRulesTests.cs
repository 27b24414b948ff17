using System.Text;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Forwarding;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>What providers mean by what they send, in the shapes that they send it (recorded traffic and vendors' pages, seen 2026-11).</summary>
public sealed class RefusalRulesTests
{
    [Theory]
    // OpenAI
    [InlineData(
        400,
        """{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""",
        "ContextLength"
    )]
    [InlineData(
        401,
        """{"error":{"message":"Incorrect API key provided: sk-x.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""",
        "Unauthorized"
    )]
    [InlineData(
        429,
        """{"error":{"message":"You exceeded your current quota, please check your plan.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""",
        "Quota"
    )]
    [InlineData(
        429,
        """{"error":{"message":"Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""",
        "RateLimited"
    )]
    [InlineData(
        429,
        """{"error":{"message":"Request too large for gpt-4o on tokens per min (TPM). The input or output tokens must be reduced in order to run successfully.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""",
        "RateLimited"
    )]
    [InlineData(
        400,
        """{"error":{"message":"Unknown parameter: 'stream_options'.","type":"invalid_request_error","param":"stream_options","code":"unknown_parameter"}}""",
        "RefusesStreamOptions"
    )]
    [InlineData(
        400,
        """{"error":{"message":"Invalid 'temperature'.","type":"invalid_request_error","param":"temperature","code":null}}""",
        "InvalidRequest"
    )]
    [InlineData(
        404,
        """{"error":{"message":"The model does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}""",
        "NotFound"
    )]
    [InlineData(
        403,
        """{"error":{"message":"Project does not have access to model","type":"invalid_request_error","param":null,"code":"model_not_found"}}""",
        "Forbidden"
    )]
    [InlineData(
        500,
        """{"error":{"message":"The server had an error","type":"server_error"}}""",
        "ServerError"
    )]
    // Azure
    [InlineData(
        400,
        """{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400}}""",
        "ContentFilter"
    )]
    [InlineData(
        401,
        """{"error":{"code":"401","message":"Access denied due to invalid subscription key."}}""",
        "Unauthorized"
    )]
    [InlineData(404, "", "NotFound")]
    // xAI
    [InlineData(
        400,
        """{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***. You can obtain an API key from https://console.x.ai."}""",
        "Unauthorized"
    )]
    [InlineData(
        400,
        """{"code":"Client specified an invalid argument","error":"This model's maximum prompt length is 131072 but the request contains 140000 tokens."}""",
        "ContextLength"
    )]
    // Mistral
    [InlineData(401, """{"detail":"Unauthorized"}""", "Unauthorized")]
    [InlineData(
        422,
        """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error","code":null}""",
        "RefusesStreamOptions"
    )]
    [InlineData(
        429,
        """{"object":"error","message":"Requests rate limit exceeded","type":"rate_limited","code":"1300"}""",
        "RateLimited"
    )]
    // DeepSeek
    [InlineData(
        402,
        """{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}""",
        "PaymentRequired"
    )]
    [InlineData(
        400,
        """{"error":{"message":"This model's maximum context length is 65536 tokens. However, you requested 70000 tokens","type":"invalid_request_error"}}""",
        "ContextLength"
    )]
    // Gemini by its OpenAI route
    [InlineData(
        400,
        """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]""",
        "Unauthorized"
    )]
    [InlineData(
        400,
        """[{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]""",
        "ContextLength"
    )]
    [InlineData(
        429,
        """[{"error":{"code":429,"message":"The input token count exceeds the maximum number of tokens allowed","status":"RESOURCE_EXHAUSTED"}}]""",
        "ContextLength"
    )]
    [InlineData(
        429,
        """[{"error":{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED"}}]""",
        "RateLimited"
    )]
    [InlineData(
        429,
        """[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"48s"}]}}]""",
        "RateLimited"
    )]
    // Cohere
    [InlineData(
        400,
        """{"message":"too many tokens: total number of tokens in the prompt cannot exceed 4081"}""",
        "ContextLength"
    )]
    // DashScope
    [InlineData(
        400,
        """{"error":{"code":"data_inspection_failed","message":"Input data may contain inappropriate content.","type":"data_inspection_failed"}}""",
        "ContentFilter"
    )]
    [InlineData(
        400,
        """{"error":{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing.","type":"Arrearage"}}""",
        "Quota"
    )]
    // OpenRouter
    [InlineData(
        402,
        """{"error":{"message":"Insufficient credits","code":402}}""",
        "PaymentRequired"
    )]
    [InlineData(
        403,
        """{"error":{"code":403,"message":"openai/gpt-4o requires moderation on OpenAI. Your input was flagged","metadata":{"reasons":["violence"]}}}""",
        "ContentFilter"
    )]
    // Groq
    [InlineData(
        413,
        """{"error":{"message":"Request too large for model `llama` on tokens per minute (TPM): Limit 6000, Requested 7000","type":"tokens","code":"rate_limit_exceeded"}}""",
        "RateLimited"
    )]
    [InlineData(
        400,
        """{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""",
        "ContextLength"
    )]
    // Bedrock says so to those who are too quick.
    [InlineData(
        429,
        """{"message":"Too many tokens, please wait before trying again."}""",
        "RateLimited"
    )]
    [InlineData(400, """{"message":"Input is too long for requested model."}""", "ContextLength")]
    // llama.cpp, vLLM, Ollama
    [InlineData(
        400,
        """{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}""",
        "ContextLength"
    )]
    [InlineData(
        400,
        """{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens","type":"BadRequestError","param":null,"code":400}""",
        "ContextLength"
    )]
    [InlineData(
        404,
        """{"error":{"message":"model \"x\" not found, try pulling it first","type":"api_error","param":null,"code":null}}""",
        "NotFound"
    )]
    // Anthropic's overload, proxies' pages, bare statuses
    [InlineData(
        529,
        """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""",
        "ServerError"
    )]
    [InlineData(
        400,
        """{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 199999 + 21333 > 204698, decrease input length or `max_tokens` and try again"}}""",
        "ContextLength"
    )]
    [InlineData(502, "<html><body>Bad Gateway</body></html>", "ServerError")]
    [InlineData(413, "<html>413 Request Entity Too Large</html>", "InvalidRequest")]
    [InlineData(
        413,
        """{"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}""",
        "ContextLength"
    )]
    [InlineData(408, "", "ServerError")]
    [InlineData(429, "", "RateLimited")]
    [InlineData(403, "", "Forbidden")]
    [InlineData(400, "\0\u0001garbage", "InvalidRequest")]
    [InlineData(400, "[[[[", "InvalidRequest")]
    [InlineData(405, "", "InvalidRequest")]
    [InlineData(418, "null", "InvalidRequest")]
    [InlineData(301, "", "Redirected")]
    [InlineData(308, "", "Redirected")]
    [InlineData(504, "", "ServerError")]
    public void Classify_AsProvidersSendIt_IsWhatTheyMean(int status, string body, string kind) =>
        RefusalRules
            .Classify(status, OpenAIErrorReader.Read(Encoding.UTF8.GetBytes(body)))
            .ToString()
            .ShouldBe(kind);

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"server_error"}}""", "ErrorInAnswer")]
    [InlineData(
        """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""",
        "ServerError"
    )]
    [InlineData("""{"error":{"message":"Rate limit exceeded","code":429}}""", "RateLimited")]
    [InlineData("""{"error":{"message":"m","code":"rate_limit_exceeded"}}""", "RateLimited")]
    [InlineData("""{"error":{"message":"m","type":"rate_limit_error"}}""", "RateLimited")]
    [InlineData(
        """{"error":{"message":"m","code":502,"metadata":{"provider_name":"x"}}}""",
        "ServerError"
    )]
    [InlineData("""{"error":{"message":"m","code":"503"}}""", "ServerError")]
    [InlineData("""{"error":{"message":"m","code":"context_length_exceeded"}}""", "ContextLength")]
    [InlineData("""{"error":{"message":"m","code":"insufficient_quota"}}""", "Quota")]
    [InlineData("""{"error":{"message":"m","code":"content_filter"}}""", "ContentFilter")]
    [InlineData("""{"error":{"message":"No such key","code":401}}""", "Unauthorized")]
    // Words that only look like a status.
    [InlineData("""{"error":{"message":"m","code":"1300"}}""", "ErrorInAnswer")]
    [InlineData("""{"error":{"message":"m","code":200}}""", "ErrorInAnswer")]
    [InlineData("""{"error":"gone wrong"}""", "ErrorInAnswer")]
    public void ClassifyInAnswer_AnErrorUnderA200_IsWhatItSays(string body, string kind) =>
        RefusalRules
            .ClassifyInAnswer(OpenAIErrorReader.Read(Encoding.UTF8.GetBytes(body)))
            .ToString()
            .ShouldBe(kind);
}
