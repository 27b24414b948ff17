using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Admin;

/// <summary>One address that answers several methods; the others are refused with those that it takes.</summary>
internal static class MethodTable
{
    public static RequestDelegate Of(params (string Method, RequestDelegate Answer)[] answers) =>
        context =>
        {
            foreach (var (method, answer) in answers)
                if (HttpMethods.Equals(context.Request.Method, method))
                    return answer(context);
            return WrongMethod.TellAsync(
                context,
                string.Join(", ", answers.Select(static answer => answer.Method)),
                ErrorShape.Problem
            );
        };
}
