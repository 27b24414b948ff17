using System.CommandLine;
using Dragoman.Exchanges;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary>Who is to answer, and how: what <c>ask</c> and <c>chat</c> have in common.</summary>
internal sealed class QuestionOptions
{
    public static readonly string[] WellKnownModels =
    [
        "auto",
        "chain:high_quality",
        "chain:cost_optimized",
        "chain:fast_latency",
        "chain:local_only",
        "chain:code_generation",
    ];

    private readonly Option<string?> _model = new("--model", "-m")
    {
        Description = "A model, alias, route or chain:NAME (default: auto, which chooses)",
        HelpName = "M",
    };

    private readonly Option<string?> _provider = new("--provider")
    {
        Description = "The provider of that model",
        HelpName = "P",
    };

    private readonly Option<string?> _task = new("--task")
    {
        Description = "What it is: code, math, translation …",
        HelpName = "T",
    };

    private readonly Option<string?> _system = new("--system", "-s")
    {
        Description = "What stands before everything, for the model to keep to",
        HelpName = "S",
    };

    private readonly Option<long?> _maxTokens = NumberOption.Whole(
        "--max-tokens",
        "The most tokens of an answer",
        1,
        long.MaxValue
    );

    private readonly Option<double?> _temperature = NumberOption.Real(
        "--temperature",
        "0 says the likeliest, more varies more",
        0,
        2
    );

    private readonly Option<string?> _strategy = new("--strategy")
    {
        Description = "How to choose among several models",
        HelpName = "NAME",
    };

    private readonly Option<decimal?> _budget = NumberOption.Dollars(
        "--budget",
        "US dollars it may cost at most, by the estimate"
    );

    private readonly Option<bool> _local = new("--local")
    {
        Description = "Nothing leaves the house: local models only",
    };

    public QuestionOptions(Command command)
    {
        _model.CompletionSources.Add(WellKnownModels);
        _provider.CompletionSources.Add(_ => ProviderNames.All);
        _task.CompletionSources.Add(_ => TaskNames.All);
        _strategy.CompletionSources.Add(_ => Routing.RoutingStrategies.Usual.Names);
        Option[] all =
        [
            _model,
            _provider,
            _task,
            _system,
            _maxTokens,
            _temperature,
            _strategy,
            _budget,
            _local,
        ];
        foreach (var option in all)
            command.Add(option);
    }

    public CompletionOptions Read(ParseResult parsed) =>
        new()
        {
            Model = parsed.GetValue(_model),
            Provider = parsed.GetValue(_provider),
            TaskType = parsed.GetValue(_task),
            SystemPrompt = parsed.GetValue(_system),
            MaxTokens = parsed.GetValue(_maxTokens),
            Temperature = parsed.GetValue(_temperature),
            Strategy = parsed.GetValue(_strategy),
            BudgetRemaining = parsed.GetValue(_budget),
            LocalOnly = parsed.GetValue(_local) ? true : null,
        };
}
