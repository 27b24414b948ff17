using System.Globalization;
using System.Security.Cryptography;
using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>
/// <c>train</c> makes the weights of the task classifier and of the difficulty estimate; <c>routing</c> judges both and takes the time of a
/// classification, <c>routing time</c> and <c>routing difficulty</c> one part alone.
/// </summary>
internal static class RoutingCommand
{
    public static int? Run(string[] args) =>
        args switch
        {
            ["train", ..] => Train(),
            ["routing", "time", ..] => JudgeTime(),
            ["routing", "difficulty", ..] => JudgeDifficulty(),
            ["routing", ..] => Judge(),
            _ => null,
        };

    /// <summary>The two files of weights; everything is done in a fixed order, so they are the same bytes every time.</summary>
    public static (byte[] Tasks, byte[] Difficulty) MakeWeights()
    {
        var tasks = TaskTraining.Weights([
            .. TaskTraining.See(TaskExamples.Shared()),
            .. TaskTraining.See(TaskExamples.OwnPrompts()),
        ]);
        return (tasks, new DifficultyTraining(LinearWeights.Read(tasks)).Weights());
    }

    private static int Train()
    {
        var (tasks, difficulty) = MakeWeights();
        Write("tasks.bin", tasks);
        Write("difficulty.bin", difficulty);
        return 0;
    }

    private static int Judge()
    {
        JudgeTasks();
        JudgeDifficulty();
        return JudgeTime();
    }

    private static int JudgeDifficulty()
    {
        var training = new DifficultyTraining(LinearWeights.Embedded("tasks.bin"));
        Say("\nDifficulty, leaving one domain out");
        foreach (var line in training.Report(training.LeaveDomainOut()))
            Say(line);
        Say("\nDifficulty of prompts of our own");
        foreach (var line in DifficultySpread.Report())
            Say(line);
        return 0;
    }

    private static int JudgeTime()
    {
        Say("\nTime of a classification");
        foreach (var line in ClassificationTime.Report())
            Say(line);
        Say("\nTime of a decision, six vendors' whole catalogs configured");
        foreach (var line in DecisionTime.Report())
            Say(line);
        return 0;
    }

    private static void JudgeTasks()
    {
        var shared = TaskExamples.Shared();
        var seen = TaskTraining.See(shared);
        var own = TaskTraining.See(TaskExamples.OwnPrompts());
        var heldOut = TaskTraining.See(TaskExamples.HeldOut());
        Say($"{"Task", -52} strict macro-F1");

        var keywords = new TaskReport();
        foreach (var example in shared)
            keywords.Add(example, KeywordRules.Of(example.Text));
        Say(keywords.Line("keyword rules"));

        List<(TaskExample, Found)> words =
        [
            .. shared.Select(example => (example, HashedWords.Of(example.Text))),
        ];
        Say(
            TaskTraining
                .Report(TaskTraining.LeaveSourceOut(words, [], TaskTraining.Options))
                .Line("rules + hashed regression, one source out")
        );
        Say(
            TaskTraining
                .Report(TaskTraining.LeaveSourceOut(seen, [], TaskTraining.Options))
                .Line("ours without our own prompts, one source out")
        );
        var ownOnly = SoftmaxTrainer.Fit(own, TaskTraining.Options);
        Say(TaskTraining.Report(Score(ownOnly, seen)).Line("ours from our own prompts alone"));
        var scored = TaskTraining.LeaveSourceOut(seen, own, TaskTraining.Options);
        var report = TaskTraining.Report(scored);
        Say(report.Line("ours, one source out"));
        Say(report.Sources());
        Say(report.Confusion());

        var all = SoftmaxTrainer.Fit([.. seen, .. own], TaskTraining.Options);
        var held = TaskTraining.Report(Score(all, heldOut));
        Say(held.Line("\nheld-out prompts of our own"));
        Say(held.Sources());
        var wild = TaskTraining.Report(Score(all, TaskTraining.See(TaskExamples.Wild())));
        Say(wild.Line("\nprompts in the wild, of our own"));
        Say(wild.Sources());
        Say(wild.Confusion());
        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\nlikeliest temperature {TaskTraining.LikeliestTemperature(scored):F2}, used {TaskTraining.Temperature:F2}\n| said | right | prompts |\n|--:|--:|--:|"
            )
        );
        Say(TaskTraining.Calibration(scored));
    }

    private static List<(TaskExample, float[])> Score(
        SoftmaxTrainer model,
        IEnumerable<(TaskExample Example, Found Found)> data
    ) =>
        [
            .. data.Select(d =>
            {
                var scores = new float[TaskKinds.Count];
                model.Score(d.Found, scores);
                return (d.Example, scores);
            }),
        ];

    private static void Write(string name, byte[] file)
    {
        File.WriteAllBytes(RoutingFiles.Weights(name), file);
        Say(
            $"{name}: {file.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(file))}"
        );
    }

    private static void Say(string line) => Console.WriteLine(line);
}
