using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAIChatContractTests : DialectContract
{
    protected override string Folder => "openai-chat";

    protected override IDialect Dialect { get; } = new OpenAIChatDialect();
}
