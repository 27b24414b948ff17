using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dragoman.Administration;
using Dragoman.Native;

namespace Dragoman.Cli.Links;

/// <summary>A server's keys over HTTP.</summary>
internal sealed class KeysLink : IKeysLink
{
    private const string Path = "../admin/keys";

    private readonly HttpClient _http = new();
    private readonly NativeServer _server;

    public KeysLink(ServerAddress address) =>
        _server = new NativeServer(_http, address.Url, address.ApiKey);

    public Task<NewKeyInfo> MakeAsync(KeyWish wish, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
            wish.Write(json);
        return _server.CallAsync(
            HttpMethod.Post,
            Path,
            body.WrittenMemory,
            KeysJson.Readable.NewKeyInfo,
            cancellationToken
        );
    }

    public Task<KeyPage> ListAsync(
        string? status,
        string? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        _server.CallAsync(
            HttpMethod.Get,
            Path
                + DragomanClient.Parameters(
                    ("status", status),
                    ("after", after),
                    ("limit", limit.ToString(CultureInfo.InvariantCulture))
                ),
            default,
            KeysJson.Readable.KeyPage,
            cancellationToken
        );

    public Task<NewKeyInfo> RotateAsync(
        string id,
        TimeSpan grace,
        CancellationToken cancellationToken
    )
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteNumber("grace_seconds"u8, (long)grace.TotalSeconds);
            json.WriteEndObject();
        }
        return _server.CallAsync(
            HttpMethod.Post,
            $"{Path}/{Uri.EscapeDataString(id)}/rotate",
            body.WrittenMemory,
            KeysJson.Readable.NewKeyInfo,
            cancellationToken
        );
    }

    public Task<KeyInfo> RevokeAsync(string id, CancellationToken cancellationToken) =>
        _server.CallAsync(
            HttpMethod.Post,
            $"{Path}/{Uri.EscapeDataString(id)}/revoke",
            default,
            KeysJson.Readable.KeyInfo,
            cancellationToken
        );

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
