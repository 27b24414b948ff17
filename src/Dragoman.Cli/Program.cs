using System.CommandLine;
using System.CommandLine.Help;
using Dragoman.Cli.Commands;

// Not a RootCommand: that one goes by the name of the assembly, and the command is called otherwise.
var dragoman = new Command("dragoman", "One door to every language model.")
{
    ServeCommand.Create(),
    ConfigCommand.Create(),
    new HelpOption(),
    new VersionOption(),
};

// The server ends by itself when it is told to, after its streams have: nobody else is to cut it short.
return await dragoman
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
