using System.Globalization;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary>What whoever sits at the terminal can do about a failed call.</summary>
internal static class FailureRemedy
{
    public static string? For(GatewayException failure) =>
        failure.Kind switch
        {
            _ when failure.Code == "first_key_must_be_admin" =>
                "Make it with: dragoman keys create NAME --role admin",
            GatewayFailure.RateLimited when failure.RetryAfter is { } wait => string.Create(
                CultureInfo.InvariantCulture,
                $"Try again in {Math.Ceiling(wait.TotalSeconds)} s, or name another model with --model."
            ),
            GatewayFailure.RateLimited =>
                "Try again in a while, or name another model with --model.",
            GatewayFailure.Authentication when failure.Code == "invalid_api_key" =>
                "Set DRAGOMAN_API_KEY to one of the server's keys (dragoman keys create, or its DRAGOMAN_ADMIN_KEY), or pass --api-key.",
            GatewayFailure.Authentication
                when failure.Code?.StartsWith("key_", StringComparison.Ordinal) is true =>
                "Make another (dragoman keys create NAME), or rotate it: dragoman keys rotate ID",
            GatewayFailure.Authentication =>
                "Which key, and where it is set: dragoman providers test",
            GatewayFailure.Timeout =>
                "Try again or name another model; how the providers are: dragoman health --now",
            GatewayFailure.ContextLength =>
                "Shorten it, or take a model with more room: dragoman models --capability long_context",
            GatewayFailure.ContentFilter => "Say it otherwise, or name another model with --model.",
            GatewayFailure.Budget =>
                "Raise --budget, or name a cheaper model: dragoman models --available --sort cost",
            GatewayFailure.NoProvider when failure.Code == "model_not_found" =>
                "What can be called: dragoman models --available",
            GatewayFailure.NoProvider when failure.Code == "request_not_found" =>
                "What was asked lately: dragoman requests",
            GatewayFailure.NoProvider => "What is set up, and what is missing: dragoman doctor",
            GatewayFailure.Upstream when failure.Code == DragomanClient.UnreachableCode =>
                "Is it running, and is that its address (--url, DRAGOMAN_URL)? Start one here: dragoman serve",
            GatewayFailure.Upstream => "How the providers are: dragoman health --now",
            _ => null,
        };
}
