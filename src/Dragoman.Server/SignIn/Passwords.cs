using Dragoman.Access.People;
using Dragoman.Access.Sessions;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Dragoman.Server.SignIn;

/// <summary>
/// Hashes passwords and checks them: ASP.NET Core Identity's PBKDF2. Checking takes the same work whether or not there is such a
/// user, and only few are checked at once, so that many tries slow nobody down but themselves.
/// </summary>
internal sealed class Passwords : IDisposable
{
    public const int Shortest = 12;
    public const int Longest = 256;

    /// <summary>OWASP's figure for PBKDF2 with SHA-512 (Password Storage Cheat Sheet, seen 2026-11).</summary>
    private const int Rounds = 210_000;

    private readonly PasswordHasher<User> _hasher = new(
        Options.Create(new PasswordHasherOptions { IterationCount = Rounds })
    );
    private readonly SemaphoreSlim _turn = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<string> _nobodys;

    public Passwords() => _nobodys = new(() => _hasher.HashPassword(null!, SessionSecret.New()));

    /// <summary>What is wrong with a new password; null where it will do.</summary>
    public static string? WhyNot(string password, User user) =>
        password.Length is < Shortest or > Longest ? $"must have {Shortest} to {Longest} characters"
        : password.Distinct().Count() < 5 ? "must have 5 different characters or more"
        : password.Equals(user.Email, StringComparison.OrdinalIgnoreCase)
        || password.Equals(user.Name, StringComparison.OrdinalIgnoreCase)
            ? "must not be the name or the e-mail"
        : null;

    public Task<SecretText> HashAsync(string password) =>
        InTurnAsync(() => new SecretText(_hasher.HashPassword(null!, password)));

    /// <summary>Whether that is the user's password.</summary>
    /// <param name="user">Null where nobody has that name: it takes as long, and is not right.</param>
    /// <param name="password">What was offered.</param>
    public Task<bool> IsRightAsync(User? user, string password) =>
        InTurnAsync(() =>
        {
            var kept = user?.PasswordHash?.Reveal();
            // One too long is not looked at, whoever it is for: hashing it would be the attacker's gain.
            var result = _hasher.VerifyHashedPassword(
                null!,
                kept ?? _nobodys.Value,
                password.Length > Longest ? "" : password
            );
            return kept is not null
                && result != PasswordVerificationResult.Failed
                && password.Length <= Longest;
        });

    public void Dispose() => _turn.Dispose();

    private async Task<T> InTurnAsync<T>(Func<T> work)
    {
        await _turn.WaitAsync();
        try
        {
            return await Task.Run(work);
        }
        finally
        {
            _turn.Release();
        }
    }
}
