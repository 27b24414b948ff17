using Dragoman.Access;

namespace Dragoman.Server.Hosting;

/// <summary>One operation that the server answers.</summary>
/// <param name="Method">The HTTP method; <c>*</c> is any.</param>
/// <param name="Pattern">The address as it is mapped.</param>
/// <param name="Needs">What it asks of who calls it.</param>
/// <param name="Summary">What it does, in a line.</param>
internal sealed record EndpointRow(string Method, string Pattern, Permission Needs, string Summary);
