namespace Dragoman.Canonical;

/// <summary>An exception that says what every dialect can tell.</summary>
internal interface IToldFailure
{
    GatewayError Error { get; }
}
