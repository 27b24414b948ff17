namespace Dragoman.Catalog;

/// <summary>The data files of this folder, which travel inside the assembly.</summary>
internal static class EmbeddedJson
{
    public static byte[] Read(string name)
    {
        using var stream =
            typeof(EmbeddedJson).Assembly.GetManifestResourceStream("Dragoman.Catalog." + name)
            ?? throw new InvalidOperationException($"{name} is missing from the assembly");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
