using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIResponses;
using Dragoman.TestKit;

namespace Dragoman.Tests.Dialects.OpenAIResponses;

public class ResponsesContractTests : DialectContract
{
    protected override string Folder => "openai-responses";

    protected override IDialect Dialect { get; } = new OpenAIResponsesDialect();
}
