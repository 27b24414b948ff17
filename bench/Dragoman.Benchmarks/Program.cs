using System.Reflection;
using BenchmarkDotNet.Running;
using Dragoman.Benchmarks;
using Dragoman.Benchmarks.Budgets;
using Dragoman.Benchmarks.Routing;

if (RoutingCommand.Run(args) is { } result)
    return result;
if (args is ["budgets", ..])
    return await BudgetCommand.RunAsync(args);
if (args is [{ } verb, ..] && UsageCommand.Knows(verb))
    await UsageCommand.RunAsync(args);
else
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
