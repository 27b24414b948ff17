using System.CommandLine;
using Dragoman.Cli.Commands;

var root = new RootCommand("One door to every language model.") { ServeCommand.Create() };

// The server ends by itself when it is told to, after its streams have: nobody else is to cut it short.
return await root.Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
