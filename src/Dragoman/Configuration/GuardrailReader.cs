using System.Text.RegularExpressions;
using Dragoman.Guardrails;
using Dragoman.Guardrails.Detectors;
using Dragoman.Guardrails.Text;

namespace Dragoman.Configuration;

/// <summary>Reads one entry of <c>guardrails</c>.</summary>
internal static class GuardrailReader
{
    /// <summary>No pattern may keep an exchange longer than this, however long the text; it could not go back over it anyway.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private const int UsualLongest = 100;
    private const int MostLongest = 2_000;

    private static readonly string[] Actions = ["block", "mask", "flag"];

    private static readonly (string Name, TextShape[] Shapes)[] Kinds =
    [
        ("email", [PersonalData.Email]),
        ("phone", [PersonalData.Phone]),
        ("card", [PersonalData.Card]),
        ("iban", [PersonalData.Iban]),
        ("api_key", [KnownSecrets.ApiKey]),
        ("jwt", [KnownSecrets.Jwt]),
        ("private_key", [KnownSecrets.PrivateKey]),
        (
            "personal",
            [PersonalData.Email, PersonalData.Phone, PersonalData.Card, PersonalData.Iban]
        ),
        ("secrets", [KnownSecrets.ApiKey, KnownSecrets.Jwt, KnownSecrets.PrivateKey]),
    ];

    /// <summary>All kinds that a text can be searched for, groups of several included.</summary>
    public static IEnumerable<string> KindNames => Kinds.Select(static kind => kind.Name);

    /// <summary>What a kind, or group of kinds, looks like.</summary>
    public static IEnumerable<TextShape> ShapesOf(string kind) =>
        Kinds.First(known => known.Name == kind).Shapes;

    public static Guardrail? Read(string name, ConfigSection section)
    {
        var allowed = Allowed(section);
        var guardrail = new Guardrail(name)
        {
            Scope = ScopeReader.Read(section),
            Side = section.Word("on", "input", "output", "both") switch
            {
                "output" => GuardrailSide.Output,
                "both" => GuardrailSide.Both,
                _ => GuardrailSide.Input,
            },
            Rules =
            [
                .. Detected(name, section, allowed),
                .. section
                    .Items("patterns")
                    .Select(item => Pattern(name, item, allowed))
                    .OfType<TextRule>(),
            ],
            Limits = Limits(section.Section("limits")),
            Injection = Injection(section.Section("injection")),
        };
        var isActive = section.Flag("active") ?? true;
        section.Text("description");
        section.Done();
        if (
            guardrail is { Rules.Count: 0, Limits: null, Injection: null }
            && !section.Mistakes.AnyUnder(section.Path)
        )
            section.Mistakes.Add(
                section.Path,
                "A guardrail says what it looks for: 'detect', 'patterns', 'limits' or 'injection'."
            );
        if (
            guardrail.Side == GuardrailSide.Output
            && (guardrail.Limits ?? (object?)guardrail.Injection) is not null
        )
            section.Mistakes.Add(
                section.Path + ".on",
                "'limits' and 'injection' are about what is sent: say 'input' or 'both'."
            );
        return isActive ? guardrail : null;
    }

    /// <summary>Shapes of <c>detect</c>: a kind named by itself goes before the group it belongs to.</summary>
    private static List<TextRule> Detected(
        string guardrail,
        ConfigSection section,
        IReadOnlyList<AllowedText> allowed
    )
    {
        var rules = new List<TextRule>();
        if (section.Section("detect") is not { } detect)
            return rules;
        foreach (var (kind, shapes) in Kinds)
            if (detect.Word(kind, Actions) is { } action)
                foreach (var shape in shapes)
                    if (!rules.Exists(rule => rule.Shape == shape))
                        rules.Add(
                            new TextRule(guardrail, shape, ActionOf(action)) { Allowed = allowed }
                        );
        detect.Done();
        return rules;
    }

    private static TextRule? Pattern(
        string guardrail,
        ConfigSection section,
        IReadOnlyList<AllowedText> allowed
    )
    {
        var name = section.Text("name");
        var pattern = section.Text("pattern");
        var action = section.Word("action", Actions) ?? "block";
        var options =
            section.Flag("ignore_case") == true ? RegexOptions.IgnoreCase : RegexOptions.None;
        var longest = section.Whole("longest", 1, MostLongest) ?? UsualLongest;
        section.Done();
        if (name is null)
            section.Mistakes.Add(
                section.Path,
                "A pattern needs a 'name': findings and masks are called by it."
            );
        if (pattern is null)
            section.Mistakes.Add(
                section.Path,
                "A pattern needs a 'pattern': a regular expression."
            );
        if (name is null || pattern is null)
            return null;
        if (Compile(section, "pattern", pattern, options) is not { } regex)
            return null;
        if (regex.IsMatch(""))
        {
            section.Mistakes.Add(
                section.Path + ".pattern",
                "It matches even an empty text, and so everywhere."
            );
            return null;
        }
        var shape = new TextShape(name, regex, longest) { IsBounded = false };
        return new TextRule(guardrail, shape, ActionOf(action)) { Allowed = allowed };
    }

    private static List<AllowedText> Allowed(ConfigSection section)
    {
        var allowed = new List<AllowedText>();
        foreach (var pattern in section.OneOrMore("allow") ?? [])
            if (Compile(section, "allow", pattern, RegexOptions.None) is not null)
                allowed.Add(new AllowedText(pattern, Options, Patience));
        return allowed;
    }

    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>An expression whose time grows with the text and no faster: what would need more is a mistake.</summary>
    private static Regex? Compile(
        ConfigSection section,
        string field,
        string pattern,
        RegexOptions options
    )
    {
        try
        {
            return new Regex(pattern, Options | options, Patience);
        }
        catch (NotSupportedException)
        {
            section.Mistakes.Add(
                section.Path + "." + field,
                "Its time could not be bounded: look-arounds, backreferences, atomic groups and very large counts cannot be used here."
            );
        }
        catch (ArgumentException wrong)
        {
            section.Mistakes.Add(
                section.Path + "." + field,
                "Is no regular expression: " + wrong.Message
            );
        }
        return null;
    }

    private static InputLimits? Limits(ConfigSection? section)
    {
        if (section is null)
            return null;
        var limits = new InputLimits
        {
            Characters = section.Whole("characters", 1, int.MaxValue),
            Tokens = section.Whole("tokens", 1, int.MaxValue),
            Messages = section.Whole("messages", 1, int.MaxValue),
            Images = section.Whole("images", 0, int.MaxValue),
            Tools = section.Whole("tools", 0, int.MaxValue),
        };
        section.Done();
        return limits;
    }

    private static InjectionRule? Injection(ConfigSection? section)
    {
        if (section is null)
            return null;
        var action = section.Word("action", "block", "flag") ?? "flag";
        var threshold = section.Whole("threshold", 1, 20) ?? InjectionCues.UsualThreshold;
        section.Done();
        return new InjectionRule(threshold, ActionOf(action));
    }

    private static GuardrailAction ActionOf(string word) =>
        Enum.Parse<GuardrailAction>(word, ignoreCase: true);
}
