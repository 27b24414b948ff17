using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// What of a message's parts a target cannot be told. What the user gave to look at makes it unfit; what earlier answers held
/// beside their words is left out and named.
/// </summary>
internal static class OpenAIPartLosses
{
    public static void Name(
        IReadOnlyList<Part> parts,
        MessageRole role,
        string where,
        OpenAITarget target
    )
    {
        foreach (var part in parts)
        {
            target.NameLosses(part, where);
            if (part is RawPart raw && raw.Dialect != OpenAIChatDialect.DialectName)
            {
                if (role is MessageRole.Assistant)
                    target.Losses.Add($"{where} ({raw.Type})");
                else
                    target.Losses.Refuse($"it cannot be shown {where} ({raw.Type})");
            }
            else if (Unfit(part, target) is { } what)
                target.Losses.Refuse($"it cannot be shown {where} ({what})");
        }
    }

    private static string? Unfit(Part part, OpenAITarget target) =>
        part switch
        {
            ImagePart image when OpenAIPartWriter.UrlOf(image.Source) is null => "image by file id",
            ImagePart when target.RefusesPart("image_url") => "image",
            ImagePart image when IsByAddress(image.Source) && target.RefusesPart("image_address") =>
                "image by address",
            AudioPart audio when !audio.Source.TryGetInline(out _, out _) => "sound by address",
            AudioPart when target.RefusesPart("input_audio") => "sound",
            FilePart file when OpenAIPartWriter.TextOf(file) is not null => null,
            FilePart when target.RefusesPart("file") => "file",
            FilePart file when IsByAddress(file.Source) && target.RefusesPart("file_address") =>
                "file by address",
            _ => null,
        };

    private static bool IsByAddress(MediaSource source) =>
        source.Url is { } url && !url.Escaped.Span.StartsWith("data:"u8);
}
