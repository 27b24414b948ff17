using System.Security.Cryptography;
using System.Text.Json;
using Dragoman.Exchanges;

namespace Dragoman.Routing.Affinity;

/// <summary>
/// By what a conversation is known again: a hash of what it begins with (the asked name, what the system says, the first message of
/// the user), keyed with a secret of this process, so that nothing of the prompt is kept. Marks of caching that move from turn to
/// turn, and whether a text stands alone or in a part, change nothing of it.
/// </summary>
/// <param name="Hash">The hash.</param>
/// <param name="IsContinued">The model has answered in it before.</param>
internal sealed record ConversationMark(UInt128 Hash, bool IsContinued)
{
    /// <summary>Of a longer text so much of its beginning and its end is hashed, and its length.</summary>
    private const int MuchOfText = 4096;

    private const int MaxDepth = 64;

    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    [ThreadStatic]
    private static IncrementalHash? _hash;

    /// <summary>Found at the first question and kept with the exchange; null where the body is none of a conversation.</summary>
    public static ConversationMark? Of(Exchange exchange)
    {
        if (exchange.Get<Found>() is { } found)
            return found.Mark;
        var mark = Read(exchange.Envelope.Model, exchange.Body.Span);
        exchange.Set(new Found(mark));
        return mark;
    }

    /// <summary>It was looked for already.</summary>
    public static ConversationMark? Known(Exchange exchange) => exchange.Get<Found>()?.Mark;

    internal static ConversationMark? Read(string model, ReadOnlySpan<byte> body)
    {
        var hash = _hash ??= IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Secret);
        var (hasUser, isContinued) = (false, false);
        try
        {
            Append(hash, System.Runtime.InteropServices.MemoryMarshal.AsBytes(model.AsSpan()));
            ReadBody(body, hash, ref hasUser, ref isContinued);
        }
        catch (JsonException)
        {
            hasUser = false;
        }
        // Also where nothing was found: what was begun must not run into the next.
        var value = Finish(hash);
        return hasUser ? new ConversationMark(value, isContinued) : null;
    }

    private static void ReadBody(
        ReadOnlySpan<byte> body,
        IncrementalHash hash,
        ref bool hasUser,
        ref bool isContinued
    )
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTurns =
                reader.ValueTextEquals("messages"u8)
                || reader.ValueTextEquals("input"u8)
                || reader.ValueTextEquals("contents"u8);
            var isHead =
                reader.ValueTextEquals("system"u8)
                || reader.ValueTextEquals("instructions"u8)
                || reader.ValueTextEquals("systemInstruction"u8)
                || reader.ValueTextEquals("system_instruction"u8)
                || reader.ValueTextEquals("prompt_cache_key"u8);
            reader.Read();
            if (isTurns && reader.TokenType == JsonTokenType.StartArray)
                ReadTurns(ref reader, hash, ref hasUser, ref isContinued);
            else if (isTurns || isHead)
            {
                hasUser |= isTurns;
                HashValue(ref reader, hash);
            }
            else
                reader.Skip();
        }
    }

    /// <summary>Hashes the turns up to the user's first, and sees whether the model has spoken since.</summary>
    private static void ReadTurns(
        ref Utf8JsonReader reader,
        IncrementalHash hash,
        ref bool hasUser,
        ref bool isContinued
    )
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (hasUser && isContinued)
            {
                reader.Skip();
                continue;
            }
            var (isUser, isModel) = RoleOf(reader);
            if (hasUser)
            {
                isContinued |= isModel;
                reader.Skip();
                continue;
            }
            HashValue(ref reader, hash);
            hasUser = isUser;
        }
    }

    /// <summary>Looks ahead without moving on. What has no role is a turn of the user (Gemini) or, with a type of its own, none (Responses).</summary>
    private static (bool IsUser, bool IsModel) RoleOf(Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return (true, false);
        var hasType = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            hasType |= reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isRole && reader.TokenType == JsonTokenType.String)
                return (
                    reader.ValueTextEquals("user"u8),
                    reader.ValueTextEquals("assistant"u8) || reader.ValueTextEquals("model"u8)
                );
            reader.Skip();
        }
        return (!hasType, hasType);
    }

    /// <summary>The values in it, but for those that say how it is written or cached.</summary>
    private static void HashValue(ref Utf8JsonReader reader, IncrementalHash hash)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            Append(hash, reader.ValueSpan);
            return;
        }
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIdle =
                    reader.ValueTextEquals("cache_control"u8) || reader.ValueTextEquals("type"u8);
                if (isIdle)
                {
                    reader.Read();
                    reader.Skip();
                }
            }
            else if (
                reader.TokenType
                is JsonTokenType.String
                    or JsonTokenType.Number
                    or JsonTokenType.True
                    or JsonTokenType.False
            )
                Append(hash, reader.ValueSpan);
        }
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        hash.AppendData(length);
        if (text.Length <= 2 * MuchOfText)
        {
            hash.AppendData(text);
            return;
        }
        hash.AppendData(text[..MuchOfText]);
        hash.AppendData(text[^MuchOfText..]);
    }

    private static UInt128 Finish(IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    /// <summary>That it was looked for, and what was found.</summary>
    private sealed record Found(ConversationMark? Mark);
}
