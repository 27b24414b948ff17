using Dragoman.Dialects;
using Dragoman.Dialects.Gemini;
using Dragoman.TestKit;

namespace Dragoman.Tests.Dialects.Gemini;

public class GeminiContractTests : DialectContract
{
    protected override string Folder => "gemini";

    protected override IDialect Dialect { get; } = new GeminiDialect();

    protected override RequestAddress AddressOf(string name) =>
        new() { Model = "m", Stream = false };
}
