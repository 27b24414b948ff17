using System.CommandLine;
using Dragoman.Cli.Commands;

var root = new RootCommand("One door to every language model.") { ServeCommand.Create() };
return await root.Parse(args).InvokeAsync();
