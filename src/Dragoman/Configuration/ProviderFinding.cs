namespace Dragoman.Configuration;

/// <summary>A provider that was found at start or reload: what people want to see first when something does not work.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Source">Where it comes from, e.g. <c>OPENAI_API_KEY</c>; never a secret.</param>
/// <param name="IsUsable">False where it was found, but cannot be called.</param>
/// <param name="Note">More to say, e.g. how many models it has, or why it cannot be called.</param>
public sealed record ProviderFinding(string Provider, string Source, bool IsUsable, string? Note);
