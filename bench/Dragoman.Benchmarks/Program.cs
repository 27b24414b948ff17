using System.Reflection;
using BenchmarkDotNet.Running;
using Dragoman.Benchmarks.Routing;

if (RoutingCommand.Run(args) is { } result)
    return result;
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
