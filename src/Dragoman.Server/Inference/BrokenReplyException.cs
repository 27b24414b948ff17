namespace Dragoman.Server.Inference;

/// <summary>
/// Ends an answer that has begun and is not whole: thrown to the host, it sends what was written, leaves out the body's end and
/// closes the connection. Libraries that overlook the error in the stream notice that (the .NET one does), and those that read
/// it still get it, which <c>HttpContext.Abort</c> does not promise.
/// </summary>
internal sealed class BrokenReplyException()
    : Exception("The answer broke off, and the client was told.");
