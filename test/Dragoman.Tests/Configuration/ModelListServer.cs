using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Tests.Configuration;

/// <summary>A server that has nothing but a list of models.</summary>
internal sealed class ModelListServer(WebApplication application) : IAsyncDisposable
{
    public string Address => application.Urls.First();

    public static async Task<ModelListServer> StartAsync(params string[] models)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.Run(context =>
            context.Request.Path == "/v1/models"
                ? context.Response.WriteAsJsonAsync(
                    new { data = models.Select(static id => new { id }) }
                )
                : Task.CompletedTask
        );
        await application.StartAsync();
        return new ModelListServer(application);
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
