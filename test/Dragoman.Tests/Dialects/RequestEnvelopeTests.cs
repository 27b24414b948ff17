using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects;

public sealed class RequestEnvelopeTests
{
    private const string Whole = """
        {"model":"a/b:c","dragoman":{"cache":"no-store"},"stream":true,"stream_options":{"include_usage":true,"x":1},
         "temperature":1,"n":1,"max_completion_tokens":null,
         "messages":[{"role":"developer","content":"Ab\n"},{"role":"user","content":[{"type":"text","text":"Größe"},{"type":"image_url","image_url":{"url":"data:…"}},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},{"type":"file","file":{"file_data":"AAAA"}}]}],
         "tools":[{"type":"function","function":{"name":"f"}}],"response_format":{"type":"json_schema","json_schema":{"name":"s"}}}
        """;

    [Theory]
    [InlineData("""{"model":"m","max_tokens":70}""", 70, 1)]
    [InlineData("""{"model":"m","max_completion_tokens":71,"n":3}""", 71, 3)]
    [InlineData("""{"model":"m","max_output_tokens":72}""", 72, 1)]
    [InlineData(
        """{"model":"m","generationConfig":{"maxOutputTokens":73,"candidateCount":2}}""",
        73,
        2
    )]
    [InlineData("""{"model":"m","options":{"num_predict":74,"stop":["a"]}}""", 74, 1)]
    [InlineData("""{"model":"m","options":{"num_predict":-1}}""", 0, 1)]
    [InlineData("""{"model":"m","max_tokens":null,"n":null}""", 0, 1)]
    [InlineData("""{"model":"m","max_tokens":"many","n":0}""", 0, 1)]
    [InlineData("""{"model":"m","max_tokens":1e3,"options":7}""", 0, 1)]
    public void Read_HowMuchIsAsked_IsToldInEveryDialect(string body, int maxTokens, int choices)
    {
        var envelope = Read(body);

        envelope.MaxTokens.ShouldBe(maxTokens);
        envelope.Choices.ShouldBe(choices);
    }

    [Fact]
    public void Read_AWholeRequest_TellsWhatStandsWhere()
    {
        var envelope = Read(Whole);

        envelope.Model.ShouldBe("a/b:c");
        Slice(Whole, envelope.ModelValue!.Value).ShouldBe("\"a/b:c\"");
        envelope.Stream.ShouldBeTrue();
        Encoding.UTF8.GetString(envelope.Dragoman.Span).ShouldBe("""{"cache":"no-store"}""");
        Slice(Whole, envelope.DragomanMember!.Value)
            .ShouldBe(""","dragoman":{"cache":"no-store"}""");
        envelope.FirstMember.ShouldBe(1);
        envelope.IncludeUsage.ShouldBeTrue();
        Slice(Whole, envelope.IncludeUsageValue!.Value).ShouldBe("true");
        Slice(Whole, envelope.StreamOptions!.Value).ShouldBe("""{"include_usage":true,"x":1}""");
        envelope.MessageCount.ShouldBe(2);
        envelope.HasSystemMessage.ShouldBeTrue();
        Encoding.UTF8.GetBytes(Whole)[envelope.MessagesStart - 1].ShouldBe((byte)'[');
        Encoding.UTF8.GetBytes(Whole)[envelope.MessagesEnd].ShouldBe((byte)']');
        envelope.IsSingleChoice.ShouldBeTrue();
        envelope.Needs.ShouldBe(
            RequestNeeds.Tools
                | RequestNeeds.Vision
                | RequestNeeds.Audio
                | RequestNeeds.Files
                | RequestNeeds.StructuredOutput
        );
        envelope.Parameters.ShouldBe(SetParameters.Temperature | SetParameters.MaxTokens);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","tools":[]}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","tools":null}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","functions":[{"name":"f"}]}""", RequestNeeds.Tools)]
    [InlineData("""{"model":"m","response_format":{"type":"json_object"}}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","response_format":null}""", RequestNeeds.None)]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"image_url","type":"image_url"}]}""",
        RequestNeeds.None
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"tool","content":"{\"type\":\"image_url\"}"}]}""",
        RequestNeeds.None
    )]
    public void Read_WhatOnlyLooksLikeANeed_IsNone(string body, RequestNeeds needs) =>
        Read(body).Needs.ShouldBe(needs);

    [Theory]
    // Twice.
    [InlineData("""{"model":"a","model":"b"}""", "model")]
    [InlineData("""{"model":"a","model":"a"}""", "model")]
    [InlineData("""{"model":"a","stream":true,"stream":false}""", "stream")]
    [InlineData("""{"model":"a","dragoman":{},"dragoman":{}}""", "dragoman")]
    [InlineData("""{"model":"a","messages":[],"messages":[]}""", "messages")]
    [InlineData("""{"model":"a","stream_options":{},"stream_options":{}}""", "stream_options")]
    // Escaped.
    [InlineData("""{"mod\u0065l":"a"}""", "model")]
    [InlineData("""{"model":"a","\u006dodel":"b"}""", "model")]
    [InlineData("""{"model":"a","\u0073\u0074\u0072\u0065\u0061\u006d":true}""", "stream")]
    [InlineData("""{"model":"a","dragom\u0061n":{}}""", "dragoman")]
    [InlineData("""{"model":"a","me\u0073sages":[]}""", "messages")]
    // In another casing, as some servers take it too.
    [InlineData("""{"Model":"a"}""", "Model")]
    [InlineData("""{"model":"a","MODEL":"b"}""", "MODEL")]
    [InlineData("""{"model":"a","Stream":true}""", "Stream")]
    [InlineData("""{"model":"a","Dragoman":{}}""", "Dragoman")]
    [InlineData("""{"model":"a","Stream_Options":{}}""", "Stream_Options")]
    // Both.
    [InlineData("""{"model":"a","\u004dODEL":"b"}""", "MODEL")]
    [InlineData("""{"model":"a","St\u0052eam":true}""", "StReam")]
    // A long s folds to s where Go reads JSON.
    [InlineData("""{"model":"a","ſtream":true}""", "ſtream")]
    [InlineData("""{"model":"a","\u017ftream":true}""", "ſtream")]
    public void Read_AKeyThatCouldBeReadTwoWays_IsRefusedByName(string body, string param)
    {
        var error = Refused(body);

        error.Param.ShouldBe(param);
        error.Kind.ShouldBe(GatewayErrorKind.InvalidRequest);
        error.Message.ShouldContain($"'{param}'");
    }

    [Theory]
    [InlineData(
        """{"model":"m","metadata":{"model":"x","model":"y","stream":true,"dragoman":1,"Model":"z","\u006dodel":"e"}}"""
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"x","model":"y","stream":1}]}"""
    )]
    [InlineData("""{"model":"m","modelx":"y","streams":1,"mode":2,"models":["a"],"strëam":3}""")]
    [InlineData("""{"model":"m","\ud800":1,"\udfffodel":2,"streaj\u006d":3}""")]
    [InlineData("""{"model":"m","dup":1,"dup":2}""")]
    [InlineData(" \r\n\t{\"model\" : \"m\" } \n")]
    public void Read_KeysElsewhere_AreNobodysBusiness(string body)
    {
        var envelope = Read(body);

        envelope.Model.ShouldBe("m");
        envelope.Stream.ShouldBeFalse();
        envelope.Dragoman.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{}""", "model")]
    [InlineData("""{"stream":true}""", "model")]
    [InlineData("""{"model":null}""", "model")]
    [InlineData("""{"model":""}""", "model")]
    [InlineData("""{"model":1}""", "model")]
    [InlineData("""{"model":["a"]}""", "model")]
    [InlineData("""{"model":"\ud800"}""", "model")]
    [InlineData("""{"model":"m","stream":"yes"}""", "stream")]
    [InlineData("""{"model":"m","stream":1}""", "stream")]
    [InlineData("""{"model":"m","stream":{}}""", "stream")]
    [InlineData("""{"model":"m","dragoman":null}""", "dragoman")]
    [InlineData("""{"model":"m","dragoman":"x"}""", "dragoman")]
    [InlineData("""{"model":"m","stream_options":true}""", "stream_options")]
    [InlineData("""{"model":"m","stream_options":[]}""", "stream_options")]
    [InlineData("""{"model":"m","messages":{}}""", "messages")]
    [InlineData("""{"model":"m","messages":null}""", "messages")]
    [InlineData("""{"model":"m","messages":"Hi"}""", "messages")]
    public void Read_AWrongMember_IsRefusedByName(string body, string param) =>
        Refused(body).Param.ShouldBe(param);

    [Fact]
    public void Read_AModelOfMoreThan512Bytes_IsRefused() =>
        Refused($$"""{"model":"{{new string('a', 513)}}"}""").Param.ShouldBe("model");

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{", 1, 2)]
    [InlineData("""{"model":"m",}""", 1, 14)]
    [InlineData("""{"model":"m"} x""", 1, 15)]
    [InlineData("""{"model":"m"}{}""", 1, 14)]
    [InlineData("{\"model\":\"m\",\n \"x\": tru }", 2, 10)]
    [InlineData("{\"model\":\"m\"\n\n,\"x\":[1,2}", 3, 10)]
    [InlineData("{'model':'m'}", 1, 2)]
    [InlineData("{\"model\":\"m\" /* c */}", 1, 14)]
    [InlineData("\uFEFF{\"model\":\"m\"}", 1, 1)]
    [InlineData("{\"model\":\"m\",\"x\":\"a\nb\"}", 1, 20)]
    public void Read_NoJson_TellsLineAndByte(string body, int line, int position)
    {
        var error = Refused(body);

        error.Code.ShouldBe("invalid_json");
        error.Message.ShouldBe(
            $"The body is not valid JSON: line {line}, byte {position} of that line."
        );
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"model\"")]
    [InlineData("1")]
    public void Read_JsonThatIsNoObject_IsRefused(string body) =>
        Refused(body).Code.ShouldBe("invalid_body");

    [Fact]
    public void Read_DeepButSound_IsTaken() =>
        Read("{\"model\":\"m\",\"x\":" + new string('[', 500) + new string(']', 500) + "}")
            .Model.ShouldBe("m");

    [Fact]
    public void Read_Abysmal_IsRefusedAndNotACrash() =>
        Refused("{\"model\":\"m\",\"x\":" + new string('[', 100_000)).Code.ShouldBe("invalid_json");

    [Theory]
    [InlineData("""{"model":"m","n":2}""", false)]
    [InlineData("""{"model":"m","n":1}""", true)]
    [InlineData("""{"model":"m","n":null}""", true)]
    [InlineData("""{"model":"m"}""", true)]
    public void Read_HowManyChoices_IsTold(string body, bool single) =>
        Read(body).IsSingleChoice.ShouldBe(single);

    [Fact]
    public void Read_AnyBytes_NeverThrows() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll<byte[]>(bytes => Survives(bytes))
        );

    /// <summary>Bytes of a sound request changed, left out, put in and repeated: refused, or taken for what a strict reader sees in it.</summary>
    [Fact]
    public void Read_MutatedRequests_AreRefusedOrTakenForWhatTheyAre()
    {
        var random = new Random(20261120);
        var sound = Encoding.UTF8.GetBytes(Whole);
        string[] pieces =
        [
            "\"model\":\"z\",",
            "\"stream\":true,",
            "\\u006d",
            "{",
            "}",
            "[",
            "]",
            ",",
            "\"",
            "\\",
            "\\ud800",
            "null",
            "\"dragoman\":{},",
            "\"stream_options\":",
            "\n",
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = sound.ToList();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                        bytes.Add((byte)'}');
                        break;
                    case 2:
                        bytes.InsertRange(
                            at,
                            Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)])
                        );
                        break;
                    default:
                        bytes.InsertRange(
                            at,
                            bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at))
                        );
                        break;
                }
            }
            Survives([.. bytes]).ShouldBeTrue(Encoding.UTF8.GetString([.. bytes]));
        }
    }

    /// <summary>True where it was refused with words, or taken and the same as System.Text.Json's document sees it.</summary>
    private static bool Survives(byte[] bytes)
    {
        if (!RequestEnvelope.TryRead(bytes, out var envelope, out var error))
            return error is { Message.Length: > 0 } && envelope is null;
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 512 });
        // By the raw bytes of the keys, since half a surrogate pair in one makes all else throw.
        var members = document
            .RootElement.EnumerateObject()
            .ToLookup(
                member => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member)),
                member => member.Value
            );
        return members["model"].Single().GetString() == envelope!.Model
            && members["stream"].Any(value => value.ValueKind == JsonValueKind.True)
                == envelope.Stream
            && members["dragoman"].Any() == !envelope.Dragoman.IsEmpty;
    }

    private static RequestEnvelope Read(string body)
    {
        var taken = RequestEnvelope.TryRead(
            Encoding.UTF8.GetBytes(body),
            out var envelope,
            out var error
        );
        taken.ShouldBeTrue(error?.Message);
        return envelope!;
    }

    private static GatewayError Refused(string body)
    {
        RequestEnvelope
            .TryRead(Encoding.UTF8.GetBytes(body), out var envelope, out var error)
            .ShouldBeFalse();
        envelope.ShouldBeNull();
        return error!;
    }

    private static string Slice(string body, BodyRange range) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(body)[range.Start..range.End]);
}
