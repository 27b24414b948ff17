using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Access.Auditing;
using Dragoman.Administration;
using Dragoman.Native;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Admin;

/// <summary><c>/api/admin/audit</c>: who did what, newest first; all of it as a file; and whether it is whole.</summary>
internal sealed class AuditApi(IAuditStore store, AuditKeys keys)
{
    private const string Address = "/api/admin/audit";
    private const int AtOnce = 500;

    private static readonly string[] Filters = ["who", "action", "subject", "since", "until"];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map(Address, NativeAnswer.Get(ListAsync));
        endpoints.Map(Address + "/export", NativeAnswer.Get(ExportAsync));
        endpoints.Map(Address + "/verify", NativeAnswer.Get(VerifyAsync));
    }

    private async Task ListAsync(HttpContext context)
    {
        var parameters = new QueryParameters(
            context.Request.Query,
            [.. Filters, .. PageQuery.Names]
        );
        var page = PageQuery.Read(parameters);
        var query = Read(parameters) with { Limit = page.Limit + 1 };
        if (page.After is { } after)
        {
            if (
                long.TryParse(
                    after,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
                query = query with { Before = number };
            else
                parameters.Wrong("after", "'after' must be a number, such as next_after.");
        }
        if (parameters.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        var found = await store.ListAsync(query, context.RequestAborted);
        await NativeAnswer.WriteAsync(
            context,
            page.Cut(
                [.. found.Select(AuditEntryInfo.Of)],
                static entry => entry.Number.ToString(CultureInfo.InvariantCulture)
            ),
            PeopleJson.Readable.AdminListAuditEntryInfo
        );
    }

    /// <summary>A page of the store at a time: a long trail takes no more memory than a short one.</summary>
    private async Task ExportAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, [.. Filters, "format"]);
        var isTable = parameters.OneOf("format", ["jsonl", "csv"]) == "csv";
        var query = Read(parameters) with { Limit = AtOnce };
        if (parameters.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        context.Response.ContentType = isTable ? "text/csv; charset=utf-8" : "application/x-ndjson";
        context.Response.Headers.ContentDisposition =
            $"attachment; filename=\"dragoman-audit.{(isTable ? "csv" : "jsonl")}\"";
        var body = context.Response.BodyWriter;
        if (isTable)
            Encoding.UTF8.GetBytes(AuditTable.Head, body);
        IReadOnlyList<AuditEntry> found;
        do
        {
            found = await store.ListAsync(query, context.RequestAborted);
            foreach (var entry in found)
                Write(body, AuditEntryInfo.Of(entry), isTable);
            await body.FlushAsync(context.RequestAborted);
            if (found.Count > 0)
                query = query with { Before = found[^1].Number };
        } while (found.Count == AtOnce);
    }

    private async Task VerifyAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, "end");
        ExpectedEnd? expected = null;
        if (parameters.Text("end") is { } text && (expected = ExpectedEnd.Read(text)) is null)
            parameters.Wrong(
                "end",
                "'end' must be an end as this address gave it: a number, a colon and 64 hexadecimal digits."
            );
        if (parameters.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        var check = await store.WalkAsync(
            (end, entries) => AuditCheck.Of(end, entries, keys, expected),
            context.RequestAborted
        );
        await NativeAnswer.WriteAsync(
            context,
            AuditCheckInfo.Of(check),
            PeopleJson.Readable.AuditCheckInfo
        );
    }

    private static AuditQuery Read(QueryParameters parameters) =>
        new()
        {
            Who = parameters.Text("who"),
            Action = parameters.Text("action"),
            Subject = parameters.Text("subject"),
            Since = parameters.Time("since"),
            Until = parameters.Time("until"),
        };

    private static void Write(IBufferWriter<byte> body, AuditEntryInfo entry, bool isTable)
    {
        if (isTable)
        {
            Encoding.UTF8.GetBytes(AuditTable.Line(entry), body);
            return;
        }
        using (var json = new Utf8JsonWriter(body, CompletionJson.WriterOptions))
            JsonSerializer.Serialize(json, entry, PeopleJson.Readable.AuditEntryInfo);
        body.Write("\n"u8);
    }
}
