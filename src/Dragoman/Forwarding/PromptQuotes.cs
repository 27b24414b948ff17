using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Forwarding;

/// <summary>Takes the prompt out of what providers say of it: records keep why an attempt failed, never what was asked.</summary>
internal static class PromptQuotes
{
    private const string Left = "[…]";

    /// <summary>So many letters in a row that stand in the prompt too are a quote of it.</summary>
    private const int Telling = 12;

    /// <summary>The words without what they quote of the exchange's prompt.</summary>
    public static string? Mask(string? message, Exchange exchange) =>
        message is { Length: >= Telling } && TextOf(exchange) is { Length: >= Telling } prompt
            ? Mask(message, prompt)
            : message;

    internal static string Mask(string message, string prompt)
    {
        StringBuilder? masked = null;
        var told = 0;
        for (var at = 0; at + Telling <= message.Length; )
        {
            var place = prompt.IndexOf(message.Substring(at, Telling), StringComparison.Ordinal);
            if (place < 0)
            {
                at++;
                continue;
            }
            var length = Telling;
            while (
                at + length < message.Length
                && place + length < prompt.Length
                && message[at + length] == prompt[place + length]
            )
                length++;
            (masked ??= new StringBuilder(message.Length))
                .Append(message, told, at - told)
                .Append(Left);
            told = at += length;
        }
        return masked is null
            ? message
            : masked.Append(message, told, message.Length - told).ToString();
    }

    private static string? TextOf(Exchange exchange)
    {
        var text = new StringBuilder();
        if (exchange.Operation == Operation.Embeddings)
        {
            if (
                exchange.Dialect.Embeddings?.TryReadRequest(
                    exchange.Body,
                    exchange.Envelope,
                    out var inputs,
                    out _
                )
                is true
            )
                foreach (var input in inputs!.Inputs)
                    text.Append(input.Text ?? default).Append('\n');
            return text.ToString();
        }
        var chat = exchange.Get<ChatRequest>() ?? exchange.Get<ReadRequest>()?.Chat;
        if (
            chat is null
            && !exchange.Dialect.TryReadRequest(exchange.Body, exchange.Envelope, out chat, out _)
        )
            return null;
        foreach (var message in chat!.Messages)
            Add(message.Parts, text);
        return text.ToString();
    }

    private static void Add(IReadOnlyList<Part> parts, StringBuilder text)
    {
        foreach (var part in parts)
            switch (part)
            {
                case TextPart said:
                    text.Append(said.Text).Append('\n');
                    break;
                case ReasoningPart thought:
                    text.Append(thought.Text).Append('\n');
                    break;
                case ToolCallPart call:
                    text.Append(call.Arguments).Append('\n');
                    break;
                case ToolResultPart result:
                    Add(result.Content, text);
                    break;
            }
    }
}
