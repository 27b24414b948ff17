using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects;

public class TranslatingTapTests
{
    /// <summary>A short answer of Ollama's is one line: what it says beside the text is not lost with the text that is repeated.</summary>
    [Fact]
    public void WriteBeyond_AfterALineThatSaysItAll_TellsStopUsageAndEnd()
    {
        var written = new ArrayBufferWriter<byte>();
        var tap = new TranslatingTap(
            DialectSlice
                .Find("ollama")!
                .CreateStreamReader(new ProviderType { Name = "p", Dialect = "ollama" }),
            DialectSlice
                .Find("openai")!
                .CreateStreamWriter(
                    written,
                    new StreamWriting(new ReplyFallback(JsonText.Of("1"), JsonText.Of("m"), 1))
                    {
                        IncludeUsage = true,
                    }
                ),
            written
        )
        {
            IsMuted = true,
            Transcript = new ArrayBufferWriter<byte>(),
        };
        var line =
            """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"Hello world"},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":2}"""u8;
        var output = new ArrayBufferWriter<byte>();

        tap.Inspect([.. line, (byte)'\n']);
        tap.Rendered(default).IsEmpty.ShouldBeTrue();
        tap.WriteBeyond(output, line, " world");

        var told = Encoding.UTF8.GetString(output.WrittenSpan);
        told.ShouldContain("\"content\":\" world\"");
        told.ShouldContain("\"finish_reason\":\"stop\"");
        told.ShouldContain("\"prompt_tokens\":3");
        told.ShouldEndWith("data: [DONE]\n\n");
    }
}
