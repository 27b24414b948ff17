using System.Text;
using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public sealed class QualityPriorsTests
{
    [Fact]
    public void Default_EveryChatModel_HasAPriorOnTheScale()
    {
        foreach (
            var model in ModelCatalog.Default.Models.Where(static m => m.Kind == ModelKind.Chat)
        )
        {
            var quality = model.Quality.ShouldNotBeNull($"{model.Provider}/{model.Id}");
            quality.Overall.ShouldBeInRange(0, 100);
            quality.StandardError.ShouldBeInRange(0.1, 20);
            foreach (var task in QualityPrior.Tasks)
                quality.For(task)!.Value.Score.ShouldBeInRange(0, 100);
        }
    }

    [Fact]
    public void For_MeasuredModel_TellsWhatTheBenchmarksSay()
    {
        var quality = ModelCatalog.Default.Find("openai", "gpt-4o")!.Quality!;

        quality.Overall.ShouldBe(49.8);
        quality.StandardError.ShouldBe(1.2);
        quality.Basis.ShouldBe(QualityBasis.Measured);
        quality.For("code").ShouldBe(new TaskQuality(50.4, 1.2, IsMeasured: true));
        quality.For("tools").ShouldBe(new TaskQuality(53.2, 2.6, IsMeasured: true));
        quality.For("longcontext").ShouldBe(new TaskQuality(50.4, 2.5, IsMeasured: true));
        quality.For("long_context").ShouldBe(quality.For("longcontext"));
        quality.For("flying").ShouldBeNull();
    }

    [Fact]
    public void For_TaskNobodyMeasured_SaysThatItIsInferred()
    {
        var quality = QualityPriors.Default.Find("c4ai-aya-expanse-32b")!;

        quality.For("tools").ShouldBe(new TaskQuality(38.1, 6.2, IsMeasured: false));
        quality.For("code")!.Value.IsMeasured.ShouldBeTrue();
    }

    [Theory]
    [InlineData("babbage-002", QualityBasis.Regression)]
    [InlineData("claude-opus-5-5", QualityBasis.Successor)]
    [InlineData("gpt-3.5-turbo", QualityBasis.Measured)]
    public void Find_Model_SaysWhatItsPriorRestsOn(string model, QualityBasis basis)
    {
        var quality = QualityPriors.Default.Find(model)!;

        quality.Basis.ShouldBe(basis);
        quality.For("code")!.Value.IsMeasured.ShouldBe(basis is QualityBasis.Measured);
    }

    [Theory]
    [InlineData("Qwen/Qwen2.5-7B-Instruct", "qwen2.5-7b-instruct")]
    [InlineData("llama-3.3-70b-instruct", "llama-3.3-70b-instruct")]
    [InlineData("somebody/new", null)]
    public void FindName_ServersOwnName_IsTheModelItMeans(string name, string? model) =>
        QualityPriors
            .Default.FindName(name)
            .ShouldBe(model is null ? null : QualityPriors.Default.Find(model)!);

    [Fact]
    public void Stated_SomeTasks_OthersTakeTheOverallScore()
    {
        var quality = new QualityPrior(60, 3, tasks: [new TaskQuality(80, 1, IsMeasured: false)]);

        quality.For("code")!.Value.Score.ShouldBe(80);
        quality.For("math").ShouldBe(new TaskQuality(60, 3, IsMeasured: false));
    }

    [Theory]
    [InlineData("""{"tasks":["code"],"models":[]}""")]
    [InlineData("""{"models":[]}""")]
    public void Load_OtherTasks_Throws(string json) =>
        Should.Throw<JsonException>(() => QualityPriors.Load(Encoding.UTF8.GetBytes(json)));

    /// <summary>The numbers we ship are those of the facts they were made from.</summary>
    [Fact]
    public void Default_SharedFacts_AgreeOnEveryScore()
    {
        using var source = JsonDocument.Parse(
            File.ReadAllBytes(SharedData.PathOf("data/catalog/quality.json"))
        );
        var checkedScores = 0;
        foreach (var row in source.RootElement.GetProperty("priors").EnumerateArray())
        {
            var prior = QualityPriors.Default.Find(row.GetProperty("model").GetString()!)!;
            prior.Overall.ShouldBe(row.GetProperty("overall").GetDouble(), 0.051);
            foreach (var task in row.GetProperty("tasks").EnumerateObject())
            {
                var at = prior.For(task.Name)!.Value;
                at.Score.ShouldBe(task.Value.GetProperty("score").GetDouble(), 0.051);
                at.StandardError.ShouldBe(task.Value.GetProperty("se").GetDouble(), 0.051);
                at.IsMeasured.ShouldBeTrue();
                checkedScores++;
            }
            foreach (var task in row.GetProperty("missing").EnumerateObject())
            {
                var at = prior.For(task.Name)!.Value;
                at.Score.ShouldBe(task.Value.GetProperty("score").GetDouble(), 0.051);
                at.IsMeasured.ShouldBeFalse();
                checkedScores++;
            }
        }
        checkedScores.ShouldBe(QualityPriors.Default.Count * QualityPrior.Tasks.Count);
    }
}
