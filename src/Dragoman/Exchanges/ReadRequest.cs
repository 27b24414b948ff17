using Dragoman.Canonical;

namespace Dragoman.Exchanges;

/// <summary>The chat request as the client sent it, read whole by whoever needed it first: nobody needs to read the body again.</summary>
internal sealed record ReadRequest(ChatRequest Chat);
