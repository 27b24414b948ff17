using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Chat;

internal enum ChatVerbResult
{
    Stay,
    Quit,
}

/// <summary>What begins with a slash in a conversation.</summary>
internal sealed class ChatVerbs(Terminal terminal, ChatSession session)
{
    private static readonly (string Verb, string Takes, string Does)[] All =
    [
        ("/model", "[NAME]", "Ask another model from here on; without a name, tell which"),
        ("/system", "[TEXT]", "What the model is to keep to; without a text, nothing"),
        ("/retry", "[MODEL]", "Ask the last question again, of another model if named"),
        ("/cost", "", "What it cost so far, by model"),
        ("/save", "FILE", "Write the conversation: Markdown, or JSON where FILE ends in .json"),
        ("/clear", "", "Begin anew: nothing said so far is sent any more"),
        ("/help", "", "This"),
        ("/quit", "", "Leave (Ctrl-D too); Ctrl-C stops an answer"),
    ];

    private readonly HashSet<string> _saved = new(StringComparer.Ordinal);

    public async Task<ChatVerbResult> RunAsync(string line, Func<string, Task> ask)
    {
        var space = line.IndexOfAny([' ', '\t', '\n']);
        var (verb, rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
        switch (verb)
        {
            case "/quit" or "/exit" or "/q":
                return ChatVerbResult.Quit;
            case "/help" or "/?":
                Help();
                break;
            case "/model":
                Model(rest);
                break;
            case "/system":
                System(rest);
                break;
            case "/cost":
                Cost();
                break;
            case "/clear":
                session.Clear();
                terminal.Line("Begun anew.", Tone.Dim);
                break;
            case "/save":
                await SaveAsync(rest);
                break;
            case "/retry":
                await RetryAsync(rest, ask);
                break;
            default:
                var near = NearestName.Of(verb, All.Select(static known => known.Verb));
                terminal.Tell(
                    $"there is no {verb} here" + (near is null ? "" : $"; did you mean {near}?"),
                    "/help tells what there is; a question that begins with a slash wants a space before it."
                );
                break;
        }
        return ChatVerbResult.Stay;
    }

    private void Help()
    {
        foreach (var (verb, takes, does) in All)
            terminal.Line($"{verb + " " + takes, -16} {does}");
        terminal.Line("A line that ends in \\ goes on in the next.");
    }

    private void Model(string name)
    {
        if (name.Length > 0)
            session.UseModel(name);
        terminal.Line(
            name.Length > 0
                ? $"{name} answers from here on."
                : $"{session.ModelName} is asked; /model NAME changes that.",
            Tone.Dim
        );
    }

    private void System(string text)
    {
        session.UseSystem(text.Length > 0 ? text : null);
        terminal.Line(
            text.Length > 0 ? "The model is told so." : "Nothing is told before the conversation.",
            Tone.Dim
        );
    }

    private void Cost()
    {
        if (session.Costs.Count == 0)
        {
            terminal.Line("Nothing was answered yet.", Tone.Dim);
            return;
        }
        var sheet = new Sheet(
            new Column("MODEL"),
            new Column("ANSWERS", IsRight: true),
            new Column("TOKENS IN", IsRight: true, Spare: 1),
            new Column("TOKENS OUT", IsRight: true, Spare: 1),
            new Column("COST", IsRight: true)
        );
        foreach (var cost in session.Costs)
            sheet.Add(
                cost.Model,
                Figures.Count(cost.Answers),
                Figures.Count(cost.Input),
                Figures.Count(cost.Output),
                Money(cost.Cost, cost.IsAtLeast)
            );
        if (session.Costs.Count > 1)
            sheet.Add(
                new Cell("together", Tone.Strong),
                Figures.Count(session.Costs.Sum(static cost => cost.Answers)),
                Figures.Count(session.Costs.Sum(static cost => cost.Input)),
                Figures.Count(session.Costs.Sum(static cost => cost.Output)),
                new Cell(
                    Money(
                        session.Costs.Sum(static cost => cost.Cost),
                        session.Costs.Any(static cost => cost.IsAtLeast)
                    ),
                    Tone.Strong
                )
            );
        sheet.Write(terminal);
    }

    private static string Money(decimal? cost, bool isAtLeast) =>
        isAtLeast && cost is > 0 ? "at least " + Figures.Dollars(cost)
        : isAtLeast ? Figures.Unknown
        : Figures.Dollars(cost);

    private async Task RetryAsync(string model, Func<string, Task> ask)
    {
        if (session.TakeBack() is not { } question)
        {
            terminal.Tell("nothing was asked yet");
            return;
        }
        if (model.Length > 0)
            Model(model);
        await ask(question);
    }

    private async Task SaveAsync(string file)
    {
        if (file.Length == 0)
        {
            terminal.Tell("name the file", "/save talk.md");
            return;
        }
        var path = Path.GetFullPath(file);
        if (File.Exists(path) && !_saved.Contains(path))
        {
            terminal.Tell($"{file} is there already and stays as it is", "Name another file.");
            return;
        }
        try
        {
            await File.WriteAllTextAsync(
                path,
                path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Json() : Markdown()
            );
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            terminal.Tell($"{file} cannot be written: {trouble.Message}");
            return;
        }
        _saved.Add(path);
        terminal.Line($"Saved in {file}.", Tone.Dim);
    }

    private string Markdown()
    {
        var text = new StringBuilder();
        if (session.Options.SystemPrompt is { } system)
            text.Append(CultureInfo.InvariantCulture, $"> {system.ReplaceLineEndings("\n> ")}\n\n");
        foreach (var turn in session.Turns)
            text.Append(
                CultureInfo.InvariantCulture,
                $"**You**\n\n{turn.Question}\n\n**{turn.Model ?? "stopped"}**\n\n{turn.Answer.TrimEnd()}\n\n"
            );
        return text.ToString().TrimEnd() + "\n";
    }

    /// <summary>Messages as the native API takes them, so that a script can go on from here.</summary>
    private string Json()
    {
        using var written = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                written,
                new JsonWriterOptions
                {
                    Indented = true,
                    Encoder = global::System
                        .Text
                        .Encodings
                        .Web
                        .JavaScriptEncoder
                        .UnsafeRelaxedJsonEscaping,
                }
            )
        )
        {
            json.WriteStartObject();
            json.WriteString("system_prompt"u8, session.Options.SystemPrompt);
            json.WriteStartArray("messages"u8);
            foreach (var turn in session.Turns)
            {
                WriteMessage(json, "user"u8, turn.Question);
                WriteMessage(json, "assistant"u8, turn.Answer);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(written.ToArray()) + "\n";
    }

    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, content);
        json.WriteEndObject();
    }
}
