using System.Globalization;

namespace Dragoman.Routing.Strategies;

/// <summary>As configuration ranks them: lower numbers first, equals as they are listed.</summary>
internal sealed class PriorityStrategy : IRoutingStrategy
{
    public string Name => "priority";

    public bool LooksAtRequest => false;

    public IReadOnlyList<Candidate> Order(IReadOnlyList<Candidate> candidates) =>
        candidates.By(static (a, b) => a.Deployment.Priority.CompareTo(b.Deployment.Priority));

    public string Explain(IReadOnlyList<Candidate> ordered, int among) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{ordered[0].Name} has priority {ordered[0].Deployment.Priority}, {(among == 1 ? "and is the only one" : $"the first of {among}")}"
        );
}
