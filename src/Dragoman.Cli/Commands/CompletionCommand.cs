using System.CommandLine;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman completion SHELL</c>: a script that teaches the shell to complete verbs, options and their values.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "powershell"];

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL")
        {
            Description = "bash, zsh, fish or powershell",
            HelpName = "SHELL",
        };
        shell.CompletionSources.Add(Shells);
        shell.Validators.Add(given =>
        {
            if (
                given.Tokens is [{ Value: var name }]
                && !Shells.Contains(name, StringComparer.Ordinal)
            )
                given.AddError(
                    $"'{name}' is no shell that is known here: {string.Join(", ", Shells)}"
                );
        });
        var command = new Command(
            "completion",
            "Print a script that completes commands in your shell"
        )
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            terminal.Out.WriteLine(Script(parsed.GetValue(shell)!));
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Each asks the command itself what may follow, and falls back on files where it has nothing to say.</summary>
    public static string Script(string shell) =>
        shell switch
        {
            "bash" => """
                # dragoman in bash. For this shell:  source <(dragoman completion bash)
                # For good, where bash-completion is installed:
                #   dragoman completion bash > ~/.local/share/bash-completion/completions/dragoman
                _dragoman() {
                    local line=${COMP_LINE:0:COMP_POINT} found
                    COMPREPLY=()
                    while IFS=$'\t' read -r found _; do
                        COMPREPLY+=("${found#"${line##* }"}")
                        COMPREPLY[-1]=${COMP_WORDS[COMP_CWORD]}${COMPREPLY[-1]}
                    done < <("$1" complete -- "$line" 2>/dev/null)
                }
                complete -o default -F _dragoman dragoman
                """,
            "zsh" => """
                #compdef dragoman
                # dragoman in zsh. For this shell:  source <(dragoman completion zsh)
                # For good: dragoman completion zsh > "${fpath[1]}/_dragoman"
                _dragoman() {
                    local -a found
                    local line="${(j: :)words[1,CURRENT]}"
                    found=("${(@f)$("${words[1]}" complete -- "$line" 2>/dev/null | sed -e 's/:/\\:/g' -e $'s/\t/:/')}")
                    if [[ -n "${found[1]}" ]]; then
                        _describe 'dragoman' found
                    else
                        _files
                    fi
                }
                if [[ "${funcstack[1]}" = "_dragoman" ]]; then
                    _dragoman "$@"
                else
                    compdef _dragoman dragoman
                fi
                """,
            "fish" => """
                # dragoman in fish. For this shell:  dragoman completion fish | source
                # For good: dragoman completion fish > ~/.config/fish/completions/dragoman.fish
                function __dragoman_complete
                    set -l line (commandline -cp)
                    dragoman complete -- "$line" 2>/dev/null
                end
                complete -c dragoman -f -a '(__dragoman_complete)'
                complete -c dragoman -l file -s f -r -F
                complete -c dragoman -l config -r -F
                """,
            _ => """
                # dragoman in PowerShell. For this shell:
                #   dragoman completion powershell | Out-String | Invoke-Expression
                # For good: add that line to the file $PROFILE.
                Register-ArgumentCompleter -Native -CommandName dragoman -ScriptBlock {
                    param($wordToComplete, $commandAst, $cursorPosition)
                    $line = $commandAst.ToString().PadRight($cursorPosition).Substring(0, $cursorPosition)
                    dragoman complete -- "$line" 2>$null | ForEach-Object {
                        $word, $does = $_ -split "`t", 2
                        if (-not $does) { $does = $word }
                        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $does)
                    }
                }
                """,
        };
}
