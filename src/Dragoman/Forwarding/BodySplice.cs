using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Forwarding;

/// <summary>
/// The client's body as it goes upstream: its own bytes in pieces, and between them what is put in, put out or replaced. The
/// model name always; the rest only where it must.
/// </summary>
internal static class BodySplice
{
    private static readonly byte[] AskUsageMember =
        "\"stream_options\":{\"include_usage\":true},"u8.ToArray();
    private static readonly byte[] AskUsageObject = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] AskUsageFirst = "{\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] ContinueFinal =
        "\"continue_final_message\":true,\"add_generation_prompt\":false,"u8.ToArray();
    private static readonly byte[] SystemRole = "\"system\""u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    internal readonly record struct Edit(int Start, int End, ReadOnlyMemory<byte> Put);

    /// <param name="body">The client's body.</param>
    /// <param name="envelope">Where things stand in it.</param>
    /// <param name="deployment">Whom it goes to.</param>
    /// <param name="spoken">How its provider speaks this dialect.</param>
    /// <param name="askUsage">Ask for usage in the stream, as the client did not.</param>
    /// <param name="prefill">Text that earlier attempts already sent, to be carried on as <paramref name="style"/> says; null for none.</param>
    /// <param name="style">How the provider is told to carry on.</param>
    /// <param name="log">Where defaulted parameters are named.</param>
    /// <param name="withDefaults">The deployment's default parameters are put in: only a chat request knows them.</param>
    /// <param name="mostTokens">The longest answer that a budget allows; null for no bound.</param>
    public static ReadOnlyMemory<byte>[] For(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        Deployment deployment,
        SpokenDialect spoken,
        bool askUsage,
        string? prefill,
        PrefillStyle style,
        ExchangeLog log,
        bool withDefaults = true,
        long? mostTokens = null
    )
    {
        var edits = new List<Edit>(4);
        // A model that the address names is not named once more in the body: it may be called otherwise upstream.
        if (
            (spoken.OmitsModel || envelope.ModelValue is null) && envelope.ModelMember is { } member
        )
            edits.Add(new Edit(member.Start, member.End, default));
        else if (envelope.ModelValue is { } model)
            edits.Add(new Edit(model.Start, model.End, deployment.ModelJson));
        if (spoken.BodyMembers is { } members)
            edits.Add(
                new Edit(
                    envelope.FirstMember,
                    envelope.FirstMember,
                    Encoding.UTF8.GetBytes(members)
                )
            );
        if (envelope.DragomanMember is { } cut)
            edits.Add(new Edit(cut.Start, cut.End, default));
        if (envelope.DeveloperRoles.Count > 0 && !deployment.Provider.Type.DeveloperRole)
        {
            foreach (var role in envelope.DeveloperRoles)
                edits.Add(new Edit(role.Start, role.End, SystemRole));
            log.Change("translated:role=system");
        }
        if (askUsage)
            edits.Add(AskUsage(envelope, body.Span));
        // Embeddings know none of them.
        if (withDefaults && deployment.Parameters is { } parameters && envelope.MessagesStart > 0)
            AddDefaults(edits, envelope, parameters, log, withLimit: mostTokens is null);
        if (mostTokens is { } most)
            AnswerLimit.Bound(edits, body.Span, envelope, spoken.Dialect, deployment, most);
        if (prefill is not null && style != PrefillStyle.None)
            AddPrefill(edits, envelope, prefill, style);
        return Pieces(body, edits);
    }

    /// <summary>The body without its <c>stream_options</c>, for a provider that refuses them.</summary>
    public static ReadOnlyMemory<byte> WithoutStreamOptions(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope
    )
    {
        var cut = envelope.StreamOptionsMember!.Value;
        return (byte[])[.. body.Span[..cut.Start], .. body.Span[cut.End..]];
    }

    private static void AddPrefill(
        List<Edit> edits,
        RequestEnvelope envelope,
        string text,
        PrefillStyle style
    )
    {
        var marks = style == PrefillStyle.Prefix ? ",\"prefix\":true" : "";
        edits.Add(
            new Edit(
                envelope.MessagesEnd,
                envelope.MessagesEnd,
                Message("assistant", text, Comma.Before, marks)
            )
        );
        if (style == PrefillStyle.ContinueFinalMessage)
            edits.Add(new Edit(envelope.FirstMember, envelope.FirstMember, ContinueFinal));
    }

    private static Edit AskUsage(RequestEnvelope envelope, ReadOnlySpan<byte> body)
    {
        if (envelope.IncludeUsageValue is { } value)
            return new Edit(value.Start, value.End, True);
        if (envelope.StreamOptions is not { } options)
            return new Edit(envelope.FirstMember, envelope.FirstMember, AskUsageMember);
        if (
            body[options.Start] != (byte)'{'
            || body[(options.Start + 1)..options.End].TrimStart(" \t\r\n"u8)[0] == (byte)'}'
        )
            return new Edit(options.Start, options.End, AskUsageObject);
        return new Edit(options.Start, options.Start + 1, AskUsageFirst);
    }

    private static void AddDefaults(
        List<Edit> edits,
        RequestEnvelope envelope,
        DeploymentParameters defaults,
        ExchangeLog log,
        bool withLimit
    )
    {
        var set = envelope.Parameters;
        var members = new StringBuilder();
        Add("temperature", defaults.Temperature, SetParameters.Temperature);
        Add("top_p", defaults.TopP, SetParameters.TopP);
        Add("presence_penalty", defaults.PresencePenalty, SetParameters.PresencePenalty);
        Add("frequency_penalty", defaults.FrequencyPenalty, SetParameters.FrequencyPenalty);
        if (withLimit)
            Add("max_tokens", defaults.MaxTokens, SetParameters.MaxTokens);
        if (members.Length > 0)
            edits.Add(
                new Edit(
                    envelope.FirstMember,
                    envelope.FirstMember,
                    Encoding.UTF8.GetBytes(members.ToString())
                )
            );
        if (defaults.SystemPrompt is { Length: > 0 } prompt && !envelope.HasSystemMessage)
        {
            edits.Add(
                new Edit(
                    envelope.MessagesStart,
                    envelope.MessagesStart,
                    Message("system", prompt, envelope.MessageCount > 0 ? Comma.After : Comma.None)
                )
            );
            log.Change("defaulted:system_prompt");
        }

        void Add(string name, double? value, SetParameters parameter)
        {
            if (value is not { } known || set.HasFlag(parameter))
                return;
            members.Append(CultureInfo.InvariantCulture, $"\"{name}\":{known},");
            log.Change(string.Create(CultureInfo.InvariantCulture, $"defaulted:{name}={known}"));
        }
    }

    private enum Comma
    {
        None,
        Before,
        After,
    }

    private static byte[] Message(string role, string text, Comma comma, string marks = "")
    {
        var quoted = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
        var before = comma == Comma.Before ? "," : "";
        var after = comma == Comma.After ? "," : "";
        return Encoding.UTF8.GetBytes(
            $$"""{{before}}{"role":"{{role}}","content":"{{quoted}}"{{marks}}}{{after}}"""
        );
    }

    private static ReadOnlyMemory<byte>[] Pieces(ReadOnlyMemory<byte> body, List<Edit> edits)
    {
        edits.Sort(
            static (a, b) =>
                a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End)
        );
        var pieces = new ReadOnlyMemory<byte>[2 * edits.Count + 1];
        var (count, from) = (0, 0);
        foreach (ref readonly var edit in CollectionsMarshal.AsSpan(edits))
        {
            pieces[count++] = body[from..edit.Start];
            pieces[count++] = edit.Put;
            from = edit.End;
        }
        pieces[count] = body[from..];
        return pieces;
    }
}
