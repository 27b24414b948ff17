using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.TestKit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

public class AnthropicContractTests : DialectContract
{
    protected override string Folder => "anthropic";

    protected override IDialect Dialect { get; } = new AnthropicDialect();

    protected override Deployment Target =>
        Targets.Of("anthropic", can: new ModelCapabilities { StructuredOutput = true });
}
