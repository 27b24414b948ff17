using Dragoman.Benchmarks.Routing;
using Dragoman.Routing.Classification;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Classification;

/// <summary>The weights in the library are those that the training command makes, and are as good as the guide says.</summary>
public sealed class WeightsFileTests
{
    private const long Most = 4 * 1024 * 1024;

    [Fact]
    public void WeightsFiles_Together_AreSmall()
    {
        var size = new[] { "tasks.bin", "difficulty.bin" }.Sum(name =>
            new FileInfo(RoutingFiles.Weights(name)).Length
        );

        size.ShouldBeInRange(100_000, Most);
    }

    [Fact]
    public void WeightsFiles_TrainedAgain_AreTheSameBytes()
    {
        SharedData.PathOf("data/routing/classification.jsonl");

        var (tasks, difficulty) = RoutingCommand.MakeWeights();

        tasks
            .SequenceEqual(File.ReadAllBytes(RoutingFiles.Weights("tasks.bin")))
            .ShouldBeTrue("tasks.bin is stale: ./dev train-classifier");
        difficulty
            .SequenceEqual(File.ReadAllBytes(RoutingFiles.Weights("difficulty.bin")))
            .ShouldBeTrue("difficulty.bin is stale: ./dev train-classifier");
    }

    [Fact]
    public void Classify_HeldOutPrompts_IsRightNineTimesInTen()
    {
        var prompts = TaskExamples.HeldOut();
        var right = prompts.Count(prompt =>
            TaskClassifier.Default.Classify(prompt.Text).Task == prompt.Task
        );

        prompts.Count.ShouldBeGreaterThanOrEqualTo(200);
        ((double)right / prompts.Count).ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void Classify_PromptsInTheWild_IsRightEightTimesInTen()
    {
        var prompts = TaskExamples.Wild();
        var right = prompts.Count(prompt =>
            TaskClassifier.Default.Classify(prompt.Text).Task == prompt.Task
        );

        prompts.Count.ShouldBeGreaterThanOrEqualTo(120);
        ((double)right / prompts.Count).ShouldBeGreaterThan(0.8);
    }
}
