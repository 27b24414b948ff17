using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

/// <summary>Requests that came in another dialect.</summary>
public class OpenAIChatRequestWriterTests
{
    private readonly Losses _losses = new();

    private Deployment Target { get; set; } = Targets.Of("openai");

    [Fact]
    public void Write_SeveralToolResultsInOneMessage_BecomeOneMessageEach()
    {
        Message[] messages =
        [
            new(
                MessageRole.Assistant,
                [
                    new ToolCallPart(
                        JsonText.Of("f"),
                        ToolArguments.FromJson(RawJson.Of("""{"x": "\n"}"""))
                    )
                    {
                        Id = JsonText.Of("a"),
                    },
                ]
            ),
            new(
                MessageRole.User,
                [
                    new ToolResultPart(JsonText.Of("a"), [new TextPart(JsonText.Of("1"))]),
                    new ToolResultPart(JsonText.Of("b"), [new TextPart(JsonText.Of("2"))])
                    {
                        IsError = true,
                    },
                    new TextPart(JsonText.Of("go on")),
                ]
            ),
        ];

        ShouldBeWritten(
            messages,
            """
            {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": \"\\n\"}"}}]},
            {"role":"tool","tool_call_id":"a","content":"1"},
            {"role":"tool","tool_call_id":"b","content":"Error: 2"},
            {"role":"user","content":[{"type":"text","text":"go on"}]}
            """
        );
        _losses.Changes.ShouldBe(["translated:messages[1].is_error=text"]);
    }

    [Fact]
    public void Write_BytesInPlace_BecomeThisDialectsForms()
    {
        Message[] messages =
        [
            new(
                MessageRole.User,
                [
                    new ImagePart(
                        new MediaSource
                        {
                            Data = JsonText.Of("AAA="),
                            MediaType = JsonText.Of("image/webp"),
                        }
                    ),
                    new AudioPart(
                        new MediaSource
                        {
                            Data = JsonText.Of("BBB="),
                            MediaType = JsonText.Of("audio/mpeg"),
                        }
                    ),
                    new FilePart(
                        new MediaSource
                        {
                            Data = JsonText.Of("CCC="),
                            MediaType = JsonText.Of("application/pdf"),
                        }
                    )
                    {
                        FileName = JsonText.Of("a.pdf"),
                    },
                ]
            ),
        ];

        ShouldBeWritten(
            messages,
            """
            {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/webp;base64,AAA="}},
            {"type":"input_audio","input_audio":{"data":"BBB=","format":"mp3"}},
            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,CCC="}}]}
            """
        );
        _losses.ShouldBeEmpty();
    }

    [Fact]
    public void Write_WhatOnlyAnotherDialectKnows_IsLeftOutAndNamed()
    {
        var cache = new RawField(
            "anthropic",
            null,
            JsonText.Of("cache_control"),
            RawJson.Of("{\"type\":\"ephemeral\"}")
        );
        Message[] messages =
        [
            new(
                MessageRole.Assistant,
                [
                    new ReasoningPart(JsonText.Of("hm")) { Signature = JsonText.Of("s") },
                    new RawPart("anthropic", "server_tool_use", RawJson.Of("{}")),
                    new TextPart(JsonText.Of("a")) { Raw = [cache] },
                    new ImagePart(new MediaSource { FileId = JsonText.Of("file-1") }),
                ]
            )
            {
                Raw = [cache],
            },
        ];

        ShouldBeWritten(
            messages,
            """{"role":"assistant","content":[{"type":"text","text":"a"}]}"""
        );
        _losses.ShouldBe([
            "messages[0].cache_control",
            "messages[0] (server_tool_use)",
            "messages[0].cache_control",
            "messages[0] (reasoning)",
        ]);
        _losses.Refusal.ShouldBe("it cannot be shown messages[0] (image by file id)");
    }

    [Fact]
    public void Write_ToolsAndFormatsOfAnotherDialect_AreLeftOutAndNamed()
    {
        var request = new ChatRequest
        {
            Model = JsonText.Of("m"),
            Messages = [Message.OfText(MessageRole.User, "hi")],
            Tools = [new RawTool("anthropic", "bash_20250124", RawJson.Of("{}"))],
            ToolChoice = new ToolChoice(ToolChoiceMode.Raw)
            {
                Dialect = "gemini",
                Json = RawJson.Of("{}"),
            },
            ResponseFormat = new ResponseFormat(ResponseFormatKind.Raw)
            {
                Dialect = "ollama",
                Json = RawJson.Of("{}"),
            },
            Raw =
            [
                new RawField(
                    "anthropic",
                    null,
                    JsonText.Of("thinking"),
                    RawJson.Of("{\"type\":\"enabled\"}")
                ),
            ],
        };

        JsonEquality.ShouldBeEqual(
            """{"model":"m","messages":[{"role":"user","content":"hi"}]}"""u8.ToArray(),
            Written(request),
            "tools"
        );
        _losses.ShouldBe(["tool_choice", "response_format", "thinking"]);
        _losses.Refusal.ShouldBe("it has no tool of the kind bash_20250124");
    }

    private void ShouldBeWritten(Message[] messages, string expected) =>
        JsonEquality.ShouldBeEqual(
            Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{{expected}}]}"""),
            Written(new ChatRequest { Model = JsonText.Of("m"), Messages = messages }),
            "messages"
        );

    private byte[] Written(ChatRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        OpenAIChatRequestWriter.Write(output, request, Target, _losses);
        return output.WrittenSpan.ToArray();
    }
}
