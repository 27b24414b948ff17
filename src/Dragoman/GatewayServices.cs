using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Dragoman;

/// <summary>The gateway among an application's services.</summary>
public static class GatewayServices
{
    /// <summary>Adds one <see cref="Gateway"/> for the whole application, made when it is first asked for. It logs where the application does.</summary>
    public static IServiceCollection AddDragoman(
        this IServiceCollection services,
        Action<GatewayBuilder>? configure = null
    )
    {
        services.TryAddSingleton(provider =>
        {
            var builder = new GatewayBuilder();
            if (provider.GetService<ILoggerFactory>() is { } logs)
                builder.UseLogging(logs);
            if (provider.GetService<TimeProvider>() is { } time)
                builder.UseTime(time);
            configure?.Invoke(builder);
            return builder.Build();
        });
        return services;
    }
}
