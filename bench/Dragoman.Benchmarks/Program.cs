using System.Reflection;
using BenchmarkDotNet.Running;
using Dragoman.Benchmarks;

if (args is [{ } verb, ..] && UsageCommand.Knows(verb))
    await UsageCommand.RunAsync(args);
else
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
