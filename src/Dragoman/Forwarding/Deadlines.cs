using Dragoman.Catalog;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <summary>The deadlines of one attempt: the route's, else the usual ones for the deployment's kind.</summary>
internal readonly record struct Deadlines(
    TimeSpan Connect,
    TimeSpan FirstContent,
    TimeSpan Idle,
    TimeSpan Attempt
)
{
    public static readonly TimeSpan Total = TimeSpan.FromSeconds(600);

    private static readonly TimeSpan UsualConnect = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UsualIdle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UsualAttempt = TimeSpan.FromSeconds(120);

    /// <summary>Reasoning models think, and local ones load, before they speak.</summary>
    private static readonly TimeSpan SlowAttempt = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan FirstContentBeforeAnother = TimeSpan.FromSeconds(10);

    /// <param name="settings">The route's settings.</param>
    /// <param name="deployment">Whom the attempt asks.</param>
    /// <param name="anotherRemains">Another deployment could still be tried: then a silent one is given up sooner.</param>
    public static Deadlines For(
        ForwardingSettings settings,
        Deployment deployment,
        bool anotherRemains
    )
    {
        var slow = deployment.Local || deployment.Capabilities.Reasoning == true;
        var attempt = settings.Attempt ?? deployment.Timeout ?? (slow ? SlowAttempt : UsualAttempt);
        var firstContent =
            settings.FirstContent
            ?? (anotherRemains && !slow ? FirstContentBeforeAnother : attempt);
        return new Deadlines(
            settings.Connect ?? UsualConnect,
            firstContent,
            settings.Idle ?? UsualIdle,
            attempt
        );
    }
}
