using System.Text.Json;

namespace Dragoman.Tests.Routing.Bounds;

/// <summary>A conversation that goes on with every call; how it is asked is by chance.</summary>
internal sealed class Conversation(Random chance)
{
    private static readonly string[] Questions =
    [
        "What is a dragoman?",
        "Write a function in Rust that reverses a linked list.",
        "Prove that there are infinitely many primes.",
        "Fasse zusammen: Der Hafen wurde 1987 neu gebaut.",
    ];

    private readonly List<object> _messages = [];

    public void Hear(string answer) => _messages.Add(new { role = "assistant", content = answer });

    /// <summary>The next question to a name, as the body of a call.</summary>
    public byte[] Next(string name)
    {
        if (_messages.Count == 0)
        {
            if (chance.Next(3) == 0)
                _messages.Add(new { role = "system", content = "You help." });
            for (var turns = chance.Next(4) == 0 ? chance.Next(1, 8) : 0; turns > 0; turns--)
            {
                _messages.Add(new { role = "user", content = Text() });
                Hear("I see.");
            }
        }
        _messages.Add(new { role = "user", content = Text() });
        var body = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["model"] = name,
            ["messages"] = _messages,
        };
        if (chance.Next(3) > 0)
            body["stream"] = true;
        if (chance.Next(2) == 0)
            body[chance.Next(4) == 0 ? "max_completion_tokens" : "max_tokens"] = chance.Next(
                1,
                4_000
            );
        if (chance.Next(12) == 0)
            body["n"] = 2;
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }

    private string Text() =>
        Questions[chance.Next(Questions.Length)]
        + (
            chance.Next(5) == 0
                ? string.Concat(
                    Enumerable.Repeat(" It rained on the old harbour.", chance.Next(1, 400))
                )
                : ""
        );
}
