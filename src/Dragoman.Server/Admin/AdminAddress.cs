using Dragoman.Server.Inference;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Admin;

/// <summary>
/// One address of the admin API and what its methods do; any other method is refused, and told which there are. Hand it to
/// <c>endpoints.Map(pattern, address.Answer)</c>.
/// </summary>
internal sealed class AdminAddress(NativePost posts)
{
    private readonly Dictionary<string, RequestDelegate> _methods = new(StringComparer.Ordinal);

    public AdminAddress Get(RequestDelegate answer) => Add(HttpMethods.Get, answer);

    public AdminAddress Delete(RequestDelegate answer) => Add(HttpMethods.Delete, answer);

    /// <summary>A post without a body, or one that does not matter.</summary>
    public AdminAddress Post(RequestDelegate answer) => Add(HttpMethods.Post, answer);

    public AdminAddress Post<T>(NativePost.Reading<T> read, Func<HttpContext, T, Task> answer)
        where T : class => Add(HttpMethods.Post, context => posts.TakeAsync(context, read, answer));

    public AdminAddress Put<T>(NativePost.Reading<T> read, Func<HttpContext, T, Task> answer)
        where T : class => Add(HttpMethods.Put, context => posts.TakeAsync(context, read, answer));

    public Task Answer(HttpContext context) =>
        _methods.TryGetValue(context.Request.Method, out var answer)
            ? answer(context)
            : WrongMethod.TellAsync(
                context,
                string.Join(", ", _methods.Keys.Order(StringComparer.Ordinal)),
                ErrorShape.Problem
            );

    private AdminAddress Add(string method, RequestDelegate answer)
    {
        _methods.Add(method, answer);
        return this;
    }
}
