using Dragoman.Canonical;
using Dragoman.Routing.Classification;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Classification;

public sealed class PromptSignalsTests
{
    [Theory]
    [InlineData("Why does this fail?\n```\nx = 1\n```", true)]
    [InlineData("def f(x):\n    return x + 1\n\nWhat does it do?", true)]
    [InlineData("SELECT name, age FROM users WHERE age > 3;", true)]
    [InlineData("for (int i = 0; i < n; i++) { sum += a[i]; }", true)]
    [InlineData("Write a short letter to my aunt (the one in Rome); she likes cats.", false)]
    [InlineData("The class met at noon. They import tea from Assam, and return on Friday.", false)]
    public void ContainsCode_Text_TellsCodeFromProse(string prompt, bool expected)
    {
        TaskClassifier.Default.Classify(prompt).Signals.ContainsCode.ShouldBe(expected);
    }

    [Fact]
    public void ContainsCode_FenceInTheMiddleOfADocument_IsFound()
    {
        var padding = string.Concat(Enumerable.Repeat("Some plain prose about harbours. ", 1500));

        TaskClassifier
            .Default.Classify(Ask($"{padding}\n```\ncode\n```\n{padding}"))
            .Signals.ContainsCode.ShouldBeTrue();
    }

    [Theory]
    [InlineData("What is 3x + 5 = 20?", true)]
    [InlineData("Evaluate $\\int_0^1 x^2 dx$", true)]
    [InlineData("Calculate the area of a circle with a radius of 7 cm", true)]
    [InlineData("Who wrote The Brothers Karamazov?", false)]
    [InlineData("Write a post about well-being and work-life balance", false)]
    public void ContainsMath_Text_TellsSumsFromProse(string prompt, bool expected)
    {
        TaskClassifier.Default.Classify(prompt).Signals.ContainsMath.ShouldBe(expected);
    }

    [Theory]
    [InlineData("en", "Where can I buy a map of the town?")]
    [InlineData("de", "Wo kann ich einen Stadtplan kaufen?")]
    [InlineData("fr", "Où est-ce que je peux acheter un plan de la ville ?")]
    [InlineData("es", "¿Dónde puedo comprar un mapa de la ciudad?")]
    [InlineData("it", "Dove posso comprare una mappa della città?")]
    [InlineData("pt", "Onde posso comprar um mapa da cidade? Não tenho nenhum.")]
    [InlineData("nl", "Waar kan ik een kaart van de stad kopen?")]
    [InlineData("pl", "Gdzie mogę kupić mapę miasta?")]
    [InlineData("tr", "Şehir haritasını nereden satın alabilirim?")]
    [InlineData("vi", "Tôi có thể mua bản đồ thành phố ở đâu?")]
    [InlineData("id", "Di mana saya bisa membeli peta kota ini?")]
    [InlineData("ru", "Где можно купить карту города?")]
    [InlineData("uk", "Де можна купити мапу міста? Її немає в крамниці.")]
    [InlineData("ar", "أين يمكنني شراء خريطة المدينة؟")]
    [InlineData("fa", "از کجا می‌توانم نقشه شهر را بخرم؟ چه کسی می‌داند؟")]
    [InlineData("hi", "मैं शहर का नक्शा कहाँ खरीद सकता हूँ?")]
    [InlineData("zh", "在哪里可以买到城市地图？")]
    [InlineData("ja", "街の地図はどこで買えますか？")]
    [InlineData("ko", "도시 지도는 어디에서 살 수 있나요?")]
    [InlineData("el", "Πού μπορώ να αγοράσω έναν χάρτη;")]
    [InlineData("th", "ฉันจะซื้อแผนที่ได้ที่ไหน")]
    public void Language_Question_IsTold(string language, string prompt)
    {
        TaskClassifier.Default.Classify(prompt).Signals.Language.ShouldBe(language);
    }

    [Fact]
    public void Language_OfTheOrder_NotOfTheDocument()
    {
        const string document =
            "Der Stadtrat hat gestern beschlossen, die Brücke für zwei Jahre zu sperren. ";

        TaskClassifier
            .Default.Classify(
                "Please summarize the following text for me in two sentences.\n\n"
                    + string.Concat(Enumerable.Repeat(document, 20))
            )
            .Signals.Language.ShouldBe("en");
    }

    [Theory]
    [InlineData("1234 5678")]
    [InlineData("")]
    public void Language_NothingToGoBy_IsUnknown(string prompt)
    {
        TaskClassifier.Default.Classify(prompt).Signals.Language.ShouldBeNull();
    }

    [Theory]
    [InlineData("List the three primary colours as JSON", true)]
    [InlineData("Gib mir die Namen als JSON zurück", true)]
    [InlineData("请以JSON格式输出结果", true)]
    [InlineData("What does JSON stand for?", false)]
    public void AsksForJson_Words_AreUnderstood(string prompt, bool expected)
    {
        TaskClassifier.Default.Classify(prompt).Signals.AsksForJson.ShouldBe(expected);
    }

    [Fact]
    public void AsksForJson_ResponseFormat_IsEnough()
    {
        var request = Ask("The three primary colours") with
        {
            ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonObject),
        };

        TaskClassifier.Default.Classify(request).Signals.AsksForJson.ShouldBeTrue();
        TaskClassifier
            .Default.Classify(Ask("The three primary colours"))
            .Signals.AsksForJson.ShouldBeFalse();
    }

    [Fact]
    public void HasImagesAndTools_Request_AreSeen()
    {
        var plain = TaskClassifier.Default.Classify(Ask("What is this?")).Signals;
        var request = new ChatRequest
        {
            Model = JsonText.Of("auto"),
            Messages =
            [
                new Message(
                    MessageRole.User,
                    [
                        new TextPart(JsonText.Of("What is this?")),
                        new ImagePart(
                            new MediaSource { Url = JsonText.Of("https://images.invalid/1.png") }
                        ),
                    ]
                ),
            ],
            Tools =
            [
                new FunctionTool(JsonText.Of("look"))
                {
                    Description = JsonText.Of("Looks closer."),
                },
            ],
        };
        var seen = TaskClassifier.Default.Classify(request).Signals;

        plain.HasImages.ShouldBeFalse();
        plain.HasTools.ShouldBeFalse();
        seen.HasImages.ShouldBeTrue();
        seen.HasTools.ShouldBeTrue();
        seen.IsMultiTurn.ShouldBeFalse();
        seen.EstimatedTokens.ShouldBeGreaterThan(plain.EstimatedTokens);
    }

    [Theory]
    [InlineData("One two three.\nFour \"five\" six \\ seven.")]
    [InlineData("这是一个测试。\n第二行")]
    public void EstimatedTokens_OfOneText_AreThoseOfTheEstimate(string text)
    {
        TaskClassifier
            .Default.Classify(Ask(text))
            .Signals.EstimatedTokens.ShouldBe(
                TokenEstimate.OfText(System.Text.Encoding.UTF8.GetBytes(text))
            );
    }

    private static ChatRequest Ask(string text) =>
        new() { Model = JsonText.Of("auto"), Messages = [Message.OfText(MessageRole.User, text)] };
}
