using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAIChatContractTests : DialectContract
{
    protected override string Folder => "openai-chat";

    protected override IDialect Dialect { get; } = new OpenAIChatDialect();

    protected override Deployment Target { get; } =
        Targets.Of(
            "openai",
            type: new ProviderType
            {
                Name = "p",
                Dialect = "openai",
                DeveloperRole = true,
            }
        );
}
