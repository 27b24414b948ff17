using System.Text.RegularExpressions;
using Dragoman.Configuration.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dragoman.Configuration.Stored;

/// <summary>Writes a document as YAML that people can read, and that reads back as the same.</summary>
internal static partial class YamlText
{
    public static string Of(ConfigNode root)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(2, int.MaxValue, false, 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, root);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, ConfigNode node)
    {
        switch (node)
        {
            case ConfigMap map:
                emitter.Emit(
                    new MappingStart(
                        AnchorName.Empty,
                        TagName.Empty,
                        isImplicit: true,
                        map.Entries.Count == 0 ? MappingStyle.Flow : MappingStyle.Block
                    )
                );
                foreach (var entry in map.Entries)
                {
                    Text(emitter, entry.Key);
                    Write(emitter, entry.Value);
                }
                emitter.Emit(new MappingEnd());
                break;
            case ConfigList list:
                emitter.Emit(
                    new SequenceStart(
                        AnchorName.Empty,
                        TagName.Empty,
                        isImplicit: true,
                        list.Items.All(static item => item is ConfigScalar)
                            ? SequenceStyle.Flow
                            : SequenceStyle.Block
                    )
                );
                foreach (var item in list.Items)
                    Write(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case ConfigScalar { IsPlain: true } plain:
                emitter.Emit(
                    Scalar(plain.Text.Length == 0 ? "null" : plain.Text, ScalarStyle.Plain)
                );
                break;
            case ConfigScalar scalar:
                Text(emitter, scalar.Text);
                break;
        }
    }

    /// <summary>Without quotes only what nothing takes for a number, a flag or nothing.</summary>
    private static void Text(Emitter emitter, string text) =>
        emitter.Emit(
            Scalar(
                text,
                Word().IsMatch(text) && text.ToLowerInvariant() is not ("true" or "false" or "null")
                    ? ScalarStyle.Plain
                    : ScalarStyle.DoubleQuoted
            )
        );

    private static Scalar Scalar(string text, ScalarStyle style) =>
        new(
            AnchorName.Empty,
            TagName.Empty,
            text,
            style,
            isPlainImplicit: true,
            isQuotedImplicit: true
        );

    /// <summary>Not "yes" and the like either: readers of older YAML take them for flags.</summary>
    [GeneratedRegex(
        "^(?!(?:yes|no|on|off|y|n)$)[A-Za-z][A-Za-z0-9_./-]*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Word();
}
