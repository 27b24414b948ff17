using Dragoman.Canonical;

namespace Dragoman.Limits.Budgets;

/// <summary>Where alerts go beside the log.</summary>
/// <param name="Webhook">An address they are posted to; null for none.</param>
/// <param name="Secret">What they are signed with; null leaves them unsigned.</param>
internal sealed record AlertTarget(Uri? Webhook, SecretText? Secret)
{
    public static readonly AlertTarget LogOnly = new(null, null);
}
