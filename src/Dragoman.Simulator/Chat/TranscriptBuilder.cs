using System.Text;

namespace Dragoman.Simulator.Chat;

/// <summary>Who a message is from.</summary>
internal enum Speaker
{
    System,
    User,
    Assistant,
    Tool,
}

/// <summary>Sums up messages, one at a time: add its parts, then end it.</summary>
internal sealed class TranscriptBuilder
{
    private const int TokensPerMessage = 4;
    private const int TokensPerAttachment = 85;

    private readonly StringBuilder _text = new();
    private int _images;
    private int _sounds;
    private int _files;
    private Transcript _sum;

    /// <param name="before">What was said in earlier calls.</param>
    public TranscriptBuilder(Transcript? before = null) =>
        _sum = before is null
            ? new() { Tokens = 3 }
            : before with
            {
                ToolResult = null,
                Prefill = null,
            };

    /// <summary>The tokens up to here, those of a message that has not ended included.</summary>
    public int Tokens =>
        _sum.Tokens
        + TextPieces.Count(_text.ToString())
        + (_images + _sounds + _files) * TokensPerAttachment;

    /// <summary>The tokens up to the end of the assistant's last message; 0 where it said nothing yet.</summary>
    public int AnsweredTokens { get; private set; }

    public void Text(string? words)
    {
        if (words is not null)
            _text.Append(_text.Length > 0 ? "\n" : "").Append(words);
    }

    public void Image() => _images++;

    public void Sound() => _sounds++;

    public void File() => _files++;

    /// <summary>An attachment of a media type.</summary>
    public void Attachment(string? mediaType)
    {
        if (mediaType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true)
            Image();
        else if (mediaType?.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) == true)
            Sound();
        else
            File();
    }

    /// <summary>Ends a message; one of tools may hold several results.</summary>
    public void End(Speaker speaker, int results = 1)
    {
        var said = _text.ToString();
        _text.Clear();
        if (speaker == Speaker.User)
            _sum = Scripted(said);
        _sum = _sum with
        {
            Last = speaker,
            Results = _sum.Results + (speaker == Speaker.Tool ? results : 0),
            Prompt = speaker == Speaker.User ? said : _sum.Prompt,
            ToolResult = speaker == Speaker.Tool ? said : null,
            Prefill = speaker == Speaker.Assistant && said.Length > 0 ? said : null,
            Images = _sum.Images + _images,
            Sounds = _sum.Sounds + _sounds,
            Files = _sum.Files + _files,
            Tokens =
                _sum.Tokens
                + TokensPerMessage
                + TextPieces.Count(said)
                + (_images + _sounds + _files) * TokensPerAttachment,
        };
        (_images, _sounds, _files) = (0, 0, 0);
        if (speaker == Speaker.Assistant)
            AnsweredTokens = _sum.Tokens;
    }

    public Transcript Build() => _sum;

    /// <summary>A script ends with another, or where the user speaks again after the answer; agents speak up in between as the user.</summary>
    private Transcript Scripted(string said) =>
        PromptScript.IsIn(said) ? _sum with { Script = said, Results = 0 }
        : _sum.Last == Speaker.Assistant ? _sum with { Script = null }
        : _sum;
}
