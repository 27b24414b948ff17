using System.Text.RegularExpressions;
using Dragoman.Guardrails.Text;

namespace Dragoman.Guardrails.Detectors;

/// <summary>How keys and tokens look whose makers gave them a shape to be known by.</summary>
internal static partial class KnownSecrets
{
    /// <summary>Milliseconds: none of them goes back over a text, so that nothing known reaches it.</summary>
    private const int Patience = 1000;

    public static readonly TextShape ApiKey = new("api_key", KeyHead(), 64)
    {
        MayHold = IsKeyLetter,
        Tail = TextTail.Of(IsKeyLetter),
    };

    public static readonly TextShape Jwt = new("jwt", JwtHead(), 600)
    {
        MayHold = static c => IsKeyLetter(c) || c == '.',
        Tail = TextTail.Of(static c => IsKeyLetter(c) || c == '.'),
    };

    public static readonly TextShape PrivateKey = new("private_key", PemHead(), 64)
    {
        MayHold = static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or ' ',
        Tail = static () => new PemTail(),
    };

    private static bool IsKeyLetter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    // OpenAI, Anthropic, OpenRouter and our own (sk-…), AWS (access key ids), GitHub, Google, Slack, GitLab, Hugging Face, Groq, xAI,
    // Perplexity, Stripe: the prefixes that secret scanners (GitHub's, gitleaks) know them by.
    [GeneratedRegex(
        @"(?<![A-Za-z0-9_-])(?:sk-[A-Za-z0-9_-]{20}|(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])|gh[pousr]_[A-Za-z0-9]{30}|github_pat_[A-Za-z0-9_]{22}|AIza[0-9A-Za-z_-]{35}|xox[abeprs]-[0-9A-Za-z-]{10}|glpat-[0-9A-Za-z_-]{20}|hf_[A-Za-z0-9]{30}|gsk_[A-Za-z0-9]{30}|xai-[A-Za-z0-9]{30}|pplx-[A-Za-z0-9]{30}|[sr]k_live_[A-Za-z0-9]{20})",
        RegexOptions.CultureInvariant,
        Patience
    )]
    private static partial Regex KeyHead();

    // RFC 7519: both parts are JSON objects, which base64url begins with eyJ.
    [GeneratedRegex(
        @"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,500}\.eyJ[A-Za-z0-9_-]{4}",
        RegexOptions.CultureInvariant,
        Patience
    )]
    private static partial Regex JwtHead();

    // RFC 7468; PGP's says BLOCK at its end.
    [GeneratedRegex(
        @"-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----",
        RegexOptions.CultureInvariant,
        Patience
    )]
    private static partial Regex PemHead();

    /// <summary>Up to the line that ends the key; one that is cut short ends where it is no base64 any more.</summary>
    private sealed class PemTail : TextTail
    {
        private const string End = "-----END ";
        private const int Longest = 16 * 1024;

        private int _read;
        private int _matched;
        private int _dashes;

        public override bool Takes(char next)
        {
            if (++_read > Longest || _dashes == 5)
                return false;
            if (_matched == End.Length)
            {
                if (next == '-')
                    _dashes++;
                return next == '-'
                    || char.IsAsciiLetterUpper(next)
                    || char.IsAsciiDigit(next)
                    || next == ' ';
            }
            _matched =
                next == End[_matched] ? _matched + 1
                : next == '-' ? Math.Min(_matched, 5)
                : 0;
            // Headers of older forms: "Proc-Type: 4,ENCRYPTED", "DEK-Info: …".
            return char.IsAsciiLetterOrDigit(next)
                || char.IsWhiteSpace(next)
                || next is '+' or '/' or '=' or '-' or ':' or ',' or '\\';
        }
    }
}
