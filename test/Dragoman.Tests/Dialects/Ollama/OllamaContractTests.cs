using Dragoman.Dialects;
using Dragoman.Dialects.Ollama;
using Dragoman.TestKit;

namespace Dragoman.Tests.Dialects.Ollama;

public sealed class OllamaContractTests : DialectContract
{
    protected override string Folder => "ollama";

    protected override IDialect Dialect { get; } = new OllamaDialect();
}
