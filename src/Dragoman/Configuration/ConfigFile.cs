using System.Security.Cryptography;
using System.Text;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration;

/// <summary>The configuration file as it lies on the disk.</summary>
internal sealed class ConfigFile
{
    private static readonly string[] UsualNames =
    [
        "dragoman.yaml",
        "dragoman.yml",
        "dragoman.json",
    ];

    /// <summary>As UTF-8 may take four bytes a character.</summary>
    private const int MaxBytes = ConfigTree.MaxCharacters * 4;

    private ConfigFile(string? path, string text, string? trouble)
    {
        (Path, Text, Trouble) = (path, text, trouble);
        Mark = Convert.ToHexString(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{path}\n{trouble}\n{text}"))
        );
    }

    /// <summary>Null where there is none.</summary>
    public string? Path { get; }
    public string Text { get; }

    /// <summary>Why it could not be read.</summary>
    public string? Trouble { get; }

    /// <summary>Differs where another file, or the same with another content, was read.</summary>
    public string Mark { get; }

    /// <summary>Reads the file that was named, by the command line or by <c>DRAGOMAN_CONFIG</c>, else the one in the working directory.</summary>
    public static ConfigFile Read(GatewaySources sources)
    {
        if (sources.Text is { } text)
            return new ConfigFile(null, text, null);
        var path = Locate(sources);
        return path is null ? new ConfigFile(null, "", null) : At(path);
    }

    /// <summary>Reads the file of that full path.</summary>
    public static ConfigFile At(string path)
    {
        try
        {
            // Opened anew and read whole each time, so that replaced files and links that now lead elsewhere are seen.
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            if (file.Length > MaxBytes)
                return new ConfigFile(path, "", $"The file is larger than {MaxBytes:N0} bytes.");
            using var reader = new StreamReader(
                file,
                new UTF8Encoding(false, throwOnInvalidBytes: true)
            );
            return new ConfigFile(path, reader.ReadToEnd(), null);
        }
        catch (DecoderFallbackException)
        {
            return new ConfigFile(path, "", "The file is not UTF-8.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new ConfigFile(path, "", Why(unreadable));
        }
    }

    private static string Why(Exception unreadable) =>
        unreadable switch
        {
            FileNotFoundException or DirectoryNotFoundException => "There is no such file.",
            UnauthorizedAccessException => "The file may not be read.",
            _ => "The file cannot be read.",
        };

    private static string? Locate(GatewaySources sources)
    {
        var named = sources.ConfigFile ?? sources.Environment("DRAGOMAN_CONFIG");
        if (!string.IsNullOrWhiteSpace(named))
            return System.IO.Path.GetFullPath(named, sources.WorkingDirectory);
        return UsualNames
            .Select(name => System.IO.Path.Combine(sources.WorkingDirectory, name))
            .FirstOrDefault(File.Exists);
    }
}
