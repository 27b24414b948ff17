using System.CommandLine;
using System.Globalization;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman embed</c>: the vectors of some texts.</summary>
internal static class EmbedCommand
{
    private const int Preview = 4;
    private const int PreviewText = 40;

    public static Command Create(Terminal terminal)
    {
        var texts = new Argument<string[]>("TEXT")
        {
            Description = "A text each; - stands for what is piped in, a text a line",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var model = new Option<string?>("--model", "-m")
        {
            Description = "An embedding model (default: the first provider's)",
            HelpName = "M",
        };
        var provider = new Option<string?>("--provider")
        {
            Description = "The provider of that model",
            HelpName = "P",
        };
        provider.CompletionSources.Add(_ => ProviderNames.All);
        var dimensions = NumberOption.Whole(
            "--dimensions",
            "The length of each vector, where the model can shorten them",
            1,
            100_000
        );
        var local = new Option<bool>("--local")
        {
            Description = "Nothing leaves the house: local models only",
        };
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "The texts of this file, a text a line; may be repeated",
            HelpName = "FILE",
        };
        var json = JsonOption.Create();
        var command = new Command("embed", "Make vectors of texts")
        {
            texts,
            model,
            provider,
            dimensions,
            local,
            files,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var given = await TextsAsync(
                    terminal,
                    parsed,
                    parsed.GetValue(texts) ?? [],
                    parsed.GetValue(files) ?? [],
                    stop
                );
                var options = new EmbeddingOptions
                {
                    Model = parsed.GetValue(model),
                    Provider = parsed.GetValue(provider),
                    Dimensions = (int?)parsed.GetValue(dimensions),
                    LocalOnly = parsed.GetValue(local) ? true : null,
                };
                await using var link = await connection.OpenAsync(parsed, stop);
                var reply = await Waiting.ForAsync(
                    terminal,
                    given.Count == 1 ? "Embedding …" : $"Embedding {given.Count} texts …",
                    link.EmbedAsync(given, options, stop)
                );
                if (parsed.GetValue(json))
                    terminal.Json(reply, CompletionJson.Readable.EmbeddingsReply);
                else
                    Print(terminal, given, reply);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<string>> TextsAsync(
        Terminal terminal,
        ParseResult parsed,
        IReadOnlyList<string> words,
        IReadOnlyList<string> files,
        CancellationToken stop
    )
    {
        PromptText.CheckWords(parsed, words);
        var texts = new List<string>();
        if (words.Count == 0 && files.Count == 0)
        {
            if (terminal.IsInTyped)
                throw CommandFailure.Usage(
                    "say what to embed",
                    "dragoman embed \"one text\" \"another\", or pipe them in, a text a line"
                );
            words = ["-"];
        }
        foreach (var word in words)
        {
            if (word == "-")
                texts.AddRange(Lines(await PromptText.InputAsync(terminal, stop)));
            else
                texts.Add(word);
        }
        foreach (var file in files)
            texts.AddRange(Lines(await PromptText.FileAsync(file, stop)));
        return texts.Count > 0
            ? texts
            : throw CommandFailure.Usage("there is nothing to embed: the text is empty");
    }

    private static IEnumerable<string> Lines(string text) =>
        text.ReplaceLineEndings("\n").Split('\n').Where(static line => line.Trim().Length > 0);

    /// <summary>For a person, which text has which vector; piped, a vector a line.</summary>
    private static void Print(Terminal terminal, IReadOnlyList<string> texts, EmbeddingsReply reply)
    {
        if (!terminal.IsOutShown)
        {
            foreach (var vector in reply.Embeddings)
                terminal.Out.WriteLine(Numbers(vector, vector.Length, "R"));
            return;
        }
        var sheet = new Sheet(new Column("TEXT"), new Column("VECTOR"));
        for (var i = 0; i < texts.Count; i++)
        {
            var text = texts[i].ReplaceLineEndings(" ");
            sheet.Add(
                text.Length > PreviewText ? text[..(PreviewText - 1)] + "…" : text,
                Numbers(reply.Embeddings[i], Preview, "0.0000")
                    + (reply.Embeddings[i].Length > Preview ? " …" : "")
            );
        }
        sheet.Write(terminal);
        terminal.Remark(Figures.Summary(reply));
    }

    private static string Numbers(float[] vector, int most, string format) =>
        string.Join(
            ' ',
            vector
                .Take(most)
                .Select(number => number.ToString(format, CultureInfo.InvariantCulture))
        );
}
