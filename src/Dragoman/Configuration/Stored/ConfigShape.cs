namespace Dragoman.Configuration.Stored;

/// <summary>How a section of the configuration holds its entries.</summary>
internal enum ConfigShape
{
    /// <summary>A mapping of ids to mappings, as <c>providers</c>.</summary>
    Map,

    /// <summary>A mapping of ids to texts, as <c>aliases</c>.</summary>
    Texts,

    /// <summary>A list of mappings that bear their id as <c>name</c>, as <c>models</c>.</summary>
    List,

    /// <summary>One mapping, whose fields are declared one by one, as <c>defaults</c>.</summary>
    One,
}
