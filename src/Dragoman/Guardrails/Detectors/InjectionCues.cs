using System.Text.RegularExpressions;

namespace Dragoman.Guardrails.Detectors;

/// <summary>
/// Words by which texts try to instruct the model over its user's or operator's head. Each cue has a weight, and a text the sum of
/// those it holds, each once. A heuristic: how often it errs stands in the guide on guardrails, as measured.
/// </summary>
internal static partial class InjectionCues
{
    /// <summary>From here on a text is taken for an injection unless configuration says otherwise.</summary>
    public const int UsualThreshold = 3;

    private const int Patience = 1000;
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    private static readonly (Regex Cue, int Weight)[] Cues =
    [
        (Override(), 3),
        (OverrideElsewhere(), 3),
        (PromptLeak(), 3),
        (RoleMarkers(), 3),
        (NewInstructions(), 2),
        (NoRestrictions(), 3),
        (KnownJailbreaks(), 3),
        (Secrecy(), 2),
        (Exfiltration(), 3),
        (SafetyOff(), 2),
        (AddressesModel(), 1),
        (Persona(), 1),
        (Obedience(), 1),
    ];

    /// <summary>How much in a text looks like an injection; 0 is nothing.</summary>
    public static int Score(string text)
    {
        var score = 0;
        foreach (var (cue, weight) in Cues)
            if (cue.IsMatch(text))
                score += weight;
        return score;
    }

    [GeneratedRegex(
        @"\b(?:ignore|disregard|forget|override|discard|neglect|skip)\b[^.!?\n]{0,40}\b(?:previous|prior|preceding|above|earlier|former|foregoing|initial|original|existing|system|your|all)\b[^.!?\n]{0,30}\b(?:instructions?|prompts?|rules|directions?|guidelines?|directives?|commands?|context|programming|training)\b",
        Options,
        Patience
    )]
    private static partial Regex Override();

    [GeneratedRegex(
        @"\b(?:ignorier\w*|vergiss|missachte)\b[^.!?\n]{0,40}\b(?:anweisungen|instruktionen|regeln|vorgaben)\b|\b(?:ignore[zr]?|oublie[zr]?)\b[^.!?\n]{0,30}\b(?:instructions|consignes|règles)\b[^.!?\n]{0,20}\b(?:précédentes|ci-dessus|antérieures)|\b(?:ignora|olvida)\b[^.!?\n]{0,30}\b(?:instrucciones|reglas|indicaciones)\b|忽略.{0,8}(?:指令|指示|说明)|(?:指示|命令)を無視",
        Options,
        Patience
    )]
    private static partial Regex OverrideElsewhere();

    [GeneratedRegex(
        @"\b(?:reveal|show|print|repeat|output|display|tell|give|leak|recite|write)\b[^.!?\n]{0,40}\b(?:your|the)\b[^.!?\n]{0,20}\b(?:system|hidden|initial|original|secret|confidential|developer)\s{1,3}(?:prompts?|instructions?|messages?|rules)\b|\brepeat\b[^.!?\n]{0,20}\b(?:words|text|everything)\s{1,3}above\b",
        Options,
        Patience
    )]
    private static partial Regex PromptLeak();

    [GeneratedRegex(
        @"<\|(?:im_start|im_end|system|endoftext|start_header_id|eot_id)\|?>?|\[/?INST\]|<<SYS>>|^\s{0,3}#{2,4}\s{0,3}(?:system|new instructions?)\s{0,3}:|</?(?:system|admin)(?:[ _-]?(?:prompt|message|instructions?))?>|^\s{0,3}\[?system(?: message)?\]?\s?:|\bBEGIN (?:SYSTEM|ADMIN) (?:PROMPT|MESSAGE|OVERRIDE)\b",
        Options | RegexOptions.Multiline,
        Patience
    )]
    private static partial Regex RoleMarkers();

    [GeneratedRegex(
        @"\b(?:your|these are (?:your )?|here are (?:your )?)?\s?(?:new|updated|real|actual|true|revised)\s{1,3}(?:instructions?|task|objective|orders|directive)\b\s{0,3}(?:is|are|:|follows?|from now)|\bfrom now on\b[^.!?\n]{0,20}\byou\b",
        Options,
        Patience
    )]
    private static partial Regex NewInstructions();

    [GeneratedRegex(
        @"\b(?:without|no|free (?:of|from)|not bound by|no longer bound by|unbound by)\s{1,3}(?:any\s{1,3}|all\s{1,3}|your\s{1,3}|its\s{1,3}|the\s{1,3}|moral\s{1,3}|ethical\s{1,3}){0,3}(?:restrictions?|filters?|limitations?|censorship|guardrails|content polic(?:y|ies)|safety (?:rules|guidelines))\b",
        Options,
        Patience
    )]
    private static partial Regex NoRestrictions();

    [GeneratedRegex(
        @"\b(?:do anything now|DAN mode|jailbreak(?:ed)? mode|developer mode (?:enabled|on|output)|god mode|evil (?:mode|confidant)|opposite mode|STAN mode|AIM mode|sudo mode|unrestricted mode)\b|\bact(?:ing)? as (?:a )?DAN\b|\byou are (?:now )?DAN\b",
        Options,
        Patience
    )]
    private static partial Regex KnownJailbreaks();

    [GeneratedRegex(
        @"\b(?:do not|don't|never|without)\s{1,3}(?:tell|telling|inform|informing|mention|mentioning|alert|alerting|notify|notifying|reveal|revealing)\b[^.!?\n]{0,25}\b(?:the user|the human|this to (?:the )?user|them about this|this instruction|these instructions)",
        Options,
        Patience
    )]
    private static partial Regex Secrecy();

    [GeneratedRegex(
        @"\b(?:send|post|forward|upload|exfiltrate|email|transmit|leak|append)\b[^.!?\n]{0,60}\b(?:conversation|chat history|api keys?|passwords?|credentials|tokens|secrets|system prompt|user data|contacts|inbox|environment variables)\b[^.!?\n]{0,40}\b(?:to|at|via)\b[^!?\n]{0,30}(?:https?://|@|\bwebhook\b|\bendpoint\b|\bserver\b)|!\[[^\]]{0,60}\]\(https?://[^)\s]{1,200}\?[^)\s]{0,80}(?:\{|<|data=|q=|prompt=)",
        Options,
        Patience
    )]
    private static partial Regex Exfiltration();

    [GeneratedRegex(
        @"\b(?:bypass|disable|turn off|circumvent|evade|deactivate|override|suspend)\b[^.!?\n]{0,30}\b(?:your|its|the model'?s|all|any)\b[^.!?\n]{0,20}\b(?:safety|filters?|guardrails|restrictions?|moderation|content polic(?:y|ies)|safeguards?|ethic\w{0,6})\b",
        Options,
        Patience
    )]
    private static partial Regex SafetyOff();

    [GeneratedRegex(
        @"\b(?:attention|important|note|message|instructions?)\b[^.!?\n]{0,12}\b(?:to|for)?\s?(?:any |all |the )?(?:AI|LLM|assistant|language model|chatbot|agent)s?\b(?:[^.!?\n]{0,30}(?:reading|processing|summari[sz]ing|reviewing)|\s?[:,!])|\b(?:if you are|as) an? (?:AI|LLM|language model)\b[^.!?\n]{0,40}\b(?:must|should|have to|output|say|respond)\b",
        Options,
        Patience
    )]
    private static partial Regex AddressesModel();

    [GeneratedRegex(
        @"\b(?:pretend|imagine|roleplay|role-play|act)\b[^.!?\n]{0,30}\b(?:you are|you're|to be|as if|as an?)\b[^.!?\n]{0,40}\b(?:unrestricted|uncensored|unfiltered|evil|amoral|hacker|rogue|no rules)\b",
        Options,
        Patience
    )]
    private static partial Regex Persona();

    [GeneratedRegex(
        @"\b(?:you must (?:obey|comply)|obey (?:me|my|these|the following)|comply with (?:every|all|any) (?:request|command)|never refuse|do not refuse|cannot refuse|always answer)\b",
        Options,
        Patience
    )]
    private static partial Regex Obedience();
}
