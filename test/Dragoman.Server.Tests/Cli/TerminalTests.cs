using Dragoman.Cli.Chat;
using Dragoman.Cli.Terminals;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>Figures, safe texts, narrow screens and typed lines.</summary>
public sealed class TerminalTests
{
    [Theory]
    [InlineData(null, "-")]
    [InlineData("0", "$0")]
    [InlineData("0.0000084", "$0.0000084")]
    [InlineData("0.00125", "$0.00125")]
    [InlineData("0.0375", "$0.0375")]
    [InlineData("12.3456", "$12.35")]
    [InlineData("1234.5", "$1,234.50")]
    [InlineData("-0.02", "-$0.02")]
    public void Dollars_AreReadable(string? usd, string shown) =>
        Figures
            .Dollars(
                usd is null
                    ? null
                    : decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture)
            )
            .ShouldBe(shown);

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.4, "0.4 ms")]
    [InlineData(264.4, "264 ms")]
    [InlineData(1500.0, "1.5 s")]
    [InlineData(125000.0, "2 min 5 s")]
    public void Times_AreReadable(double? milliseconds, string shown) =>
        Figures.Milliseconds(milliseconds).ShouldBe(shown);

    [Fact]
    public void ControlCharacters_OfModels_DoNotReachATerminal()
    {
        const string Sly = "a\e]0;title\a\e[2Jb\r\nc\td\u009b31m";

        SafeText.Of(Sly, isShown: true).ShouldBe("a]0;title[2Jb\nc\td31m");
        SafeText.Of(Sly, isShown: false).ShouldBe(Sly);
    }

    [Theory]
    [InlineData(80, "NAME  MUCH  LITTLE")]
    [InlineData(12, "NAME  MUCH")]
    [InlineData(6, "NAME")]
    public void Sheet_OnANarrowScreen_LeavesOutWhatMattersLeast(int width, string header)
    {
        using var output = new StringWriter();
        var sheet = new Sheet(
            new Column("NAME"),
            new Column("MUCH", Spare: 1),
            new Column("LITTLE", Spare: 2)
        );
        sheet.Add("a", "b", "c");
        sheet.Write(
            new Terminal
            {
                In = TextReader.Null,
                Out = output,
                Error = TextWriter.Null,
                IsOutShown = true,
                Width = width,
                Environment = static name => name == "NO_COLOR" ? "1" : null,
            }
        );

        output.ToString().Split('\n')[0].TrimEnd().ShouldBe(header);
    }

    [Fact]
    public void TypedLine_IsEditedByTheKeysOfShells()
    {
        Type("helo", Left, "l").ShouldBe(["hello"]);
        Type("one two", Control(ConsoleKey.W), "three").ShouldBe(["one three"]);
        Type("xabc", Control(ConsoleKey.A), Control(ConsoleKey.D)).ShouldBe(["abc"]);
        Type("abc", Control(ConsoleKey.U), "d").ShouldBe(["d"]);
        Type("a😀", Key(ConsoleKey.Backspace), "b").ShouldBe(["ab"]);
    }

    [Fact]
    public void TypedLines_ComeBackUnderTheArrows()
    {
        Type("first", Enter, "second", Enter, "draft", Up, Up, Down, Down, "!")
            .ShouldBe(["first", "second", "draft!"]);
        Type("first", Enter, Up, Enter, Up).ShouldBe(["first", "first", "first"]);
    }

    [Fact]
    public void TypedLine_CtrlDOnNothing_IsTheEnd() =>
        Type("one", Enter, Control(ConsoleKey.D)).ShouldBe(["one"]);

    private static ConsoleKeyInfo Enter { get; } = Key(ConsoleKey.Enter);
    private static ConsoleKeyInfo Up { get; } = Key(ConsoleKey.UpArrow);
    private static ConsoleKeyInfo Down { get; } = Key(ConsoleKey.DownArrow);
    private static ConsoleKeyInfo Left { get; } = Key(ConsoleKey.LeftArrow);

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, false, false, false);

    private static ConsoleKeyInfo Control(ConsoleKey key) => new('\0', key, false, false, true);

    /// <summary>All lines that are read from these keys; a last line is ended for it.</summary>
    private static List<string> Type(params object[] typed)
    {
        var keys = new Queue<ConsoleKeyInfo>(
            typed.SelectMany(static item =>
                item is string text
                    ? text.Select(static letter => new ConsoleKeyInfo(
                        letter,
                        ConsoleKey.None,
                        false,
                        false,
                        false
                    ))
                    : [(ConsoleKeyInfo)item]
            )
        );
        var isEnded = false;
        var reader = new TypedLines(
            new Unseen(),
            () =>
            {
                if (keys.TryDequeue(out var key))
                    return key;
                isEnded = true;
                return Enter;
            }
        );
        var lines = new List<string>();
        while (!isEnded && reader.Read("> ") is { } line)
            lines.Add(line);
        return lines;
    }

    private sealed class Unseen : IKeysShown
    {
        public void Show(string prompt, string line, int cursor) =>
            cursor.ShouldBeInRange(0, line.Length);

        public void End(string prompt, string line) { }

        public void Hint(string hint) { }
    }
}
