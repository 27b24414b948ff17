using System.Reflection;
using System.Runtime.InteropServices;

namespace Dragoman.Cli.Doctoring;

/// <summary>What runs here: for whoever is asked for help.</summary>
internal static class VersionCheck
{
    public static Finding Run() =>
        Finding.Ok(
            "version",
            $"Dragoman {Product}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription.Trim()} ({RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()})"
        );

    private static string Product =>
        typeof(VersionCheck)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "?";
}
