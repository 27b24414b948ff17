namespace Dragoman.Providers.Vertex;

/// <summary>A credential cannot be used: it is unreadable, or its issuer refuses it. The message names no secret.</summary>
internal sealed class UnusableCredentialException(string message, Exception? inner = null)
    : Exception(message, inner);
