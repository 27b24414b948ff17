using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Routing;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>The list of models as Anthropic's clients know it: in pages, each model with a name to show (platform.claude.com, list models, seen 2026-11).</summary>
internal static class AnthropicModels
{
    private const int UsualLimit = 20;
    private const int MostLimit = 1000;

    /// <summary>The address is OpenAI's too; Anthropic's clients always say which version of their API they speak.</summary>
    public static bool IsAsked(HttpRequest request) =>
        request.Headers.ContainsKey("anthropic-version");

    public static async Task ListAsync(HttpContext context, IReadOnlyList<ListedModel> models)
    {
        var query = context.Request.Query;
        if (!TryReadLimit(query["limit"], out var limit))
        {
            await ErrorShape.Anthropic.WriteAsync(
                context.Response,
                new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    $"limit: expected a whole number from 1 to {MostLimit}."
                )
            );
            return;
        }
        var (from, to) = Page(models, query["after_id"], query["before_id"], limit);
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            for (var i = from; i < to; i++)
                Write(json, models[i]);
            json.WriteEndArray();
            json.WriteBoolean(
                "has_more"u8,
                query.ContainsKey("before_id") ? from > 0 : to < models.Count
            );
            json.WriteString("first_id"u8, from < to ? models[from].Id : null);
            json.WriteString("last_id"u8, from < to ? models[to - 1].Id : null);
            json.WriteEndObject();
        }
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public static async Task ShowAsync(HttpContext context, ListedModel model)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            Write(json, model);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>The stretch of the list that is asked for; an id that is not there any more begins at the start.</summary>
    private static (int From, int To) Page(
        IReadOnlyList<ListedModel> models,
        string? after,
        string? before,
        int limit
    )
    {
        if (before is not null && PlaceOf(models, before) is >= 0 and var end)
            return (Math.Max(0, end - limit), end);
        var from = after is null ? 0 : PlaceOf(models, after) + 1;
        return (from, Math.Min(models.Count, from + limit));
    }

    private static int PlaceOf(IReadOnlyList<ListedModel> models, string id)
    {
        for (var i = 0; i < models.Count; i++)
        {
            if (models[i].Id == id)
                return i;
        }
        return -1;
    }

    private static bool TryReadLimit(string? asked, out int limit)
    {
        limit = UsualLimit;
        return asked is null
            || (
                int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                && limit is >= 1 and <= MostLimit
            );
    }

    private static void Write(Utf8JsonWriter json, ListedModel model)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "model"u8);
        json.WriteString("id"u8, model.Id);
        json.WriteString("display_name"u8, model.Id);
        json.WriteString(
            "created_at"u8,
            model.Created.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture
            )
        );
        json.WriteEndObject();
    }
}
