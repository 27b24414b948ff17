using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dragoman.Access;
using Microsoft.OpenApi;

namespace Dragoman.Server.Hosting.OpenApi;

/// <summary>Describes every operation of the server, from the table that guards them: what is not in it does not exist.</summary>
internal sealed partial class OpenApiWriter
{
    private const string Problem = "Problem";
    private const string Json = "application/json";

    /// <summary>The places in which a key may come; every one does for every address.</summary>
    private static readonly (string Name, OpenApiSecurityScheme Scheme)[] KeyPlaces =
    [
        ("bearer", new() { Type = SecuritySchemeType.Http, Scheme = "bearer" }),
        ("xApiKey", Header("x-api-key")),
        ("apiKey", Header("api-key")),
        ("xGoogApiKey", Header("x-goog-api-key")),
        (
            "keyInQuery",
            new()
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Query,
                Name = "key",
            }
        ),
    ];

    private readonly OpenApiDocument _document;
    private readonly JsonSchemas _schemas;

    private OpenApiWriter()
    {
        _document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "Dragoman",
                Version = typeof(OpenApiWriter).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
                Description =
                    "One door to every language model. Clients speak their own dialect; `/api/llm` is the gateway's own, `/api/admin` administers it. "
                    + "A key may come in any of the named places; `x-dragoman-permission` tells what its role must allow.",
            },
            Paths = [],
            Components = new OpenApiComponents
            {
                Schemas = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                {
                    [Problem] = ProblemSchema(),
                },
                SecuritySchemes = KeyPlaces.ToDictionary(
                    static place => place.Name,
                    static IOpenApiSecurityScheme (place) => place.Scheme,
                    StringComparer.Ordinal
                ),
            },
            Tags = new HashSet<OpenApiTag>(),
        };
        _schemas = new JsonSchemas(_document);
    }

    /// <summary>The document of all rows that are operations; what only says that nothing answers there is none.</summary>
    public static OpenApiDocument Of(IEnumerable<EndpointRow> rows)
    {
        var writer = new OpenApiWriter();
        foreach (var row in rows)
            if (row.Method != "*")
                writer.Add(row);
        return writer._document;
    }

    /// <summary>The path as OpenAPI has it: a parameter takes the rest of a path without saying so.</summary>
    public static string PathOf(string pattern) =>
        CatchAll().Replace(pattern, static match => "{" + match.Groups["name"].Value + "}");

    private void Add(EndpointRow row)
    {
        var (path, shape) = (PathOf(row.Pattern), EndpointShapes.Of(row));
        // Two that differ in the names of their parameters only are one path.
        var like = _document.Paths.Keys.FirstOrDefault(known => Nameless(known) == Nameless(path));
        path = like ?? path;
        if (like is null)
            _document.Paths.Add(path, new OpenApiPathItem { Operations = [] });
        var tag = TagOf(row.Pattern);
        _document.Tags!.Add(new OpenApiTag { Name = tag });
        var operation = new OpenApiOperation
        {
            OperationId = $"{row.Method.ToLowerInvariant()}{OperationName(row.Pattern)}",
            Summary = row.Summary,
            Tags = new HashSet<OpenApiTagReference> { new(tag, _document) },
            Parameters = [.. ParametersOf(path, shape)],
            Responses = ResponsesOf(row, shape),
            Security =
                row.Needs == Permission.Anyone
                    ? []
                    : [.. KeyPlaces.Select(place => Requirement(place.Name))],
            Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal)
            {
                ["x-dragoman-permission"] = new JsonNodeExtension(
                    JsonValue.Create(row.Needs.ToString())!
                ),
            },
        };
        if (shape.Reference is { } reference)
            operation.ExternalDocs = new OpenApiExternalDocs { Url = new Uri(reference) };
        if (row.Method is "POST" or "PUT" && !shape.IsBodyless)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = Content(
                    Json,
                    shape.Request is { } type ? _schemas.Of(type)
                        : shape.RequestMembers is { } members ? JsonSchemas.OfMembers(members)
                        : JsonSchemas.Free()
                ),
            };
        ((OpenApiPathItem)_document.Paths[path]).Operations!.Add(
            new HttpMethod(row.Method),
            operation
        );
    }

    private static IEnumerable<IOpenApiParameter> ParametersOf(string path, EndpointShape shape)
    {
        foreach (Match match in Parameter().Matches(path))
            yield return new OpenApiParameter
            {
                Name = match.Groups["name"].Value,
                In = ParameterLocation.Path,
                Required = true,
                Schema = JsonSchemas.Text(),
            };
        foreach (var name in shape.Query)
            yield return new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Schema = JsonSchemas.Text(),
            };
        if (shape.IfMatch is { } isRequired)
            yield return new OpenApiParameter
            {
                Name = "If-Match",
                In = ParameterLocation.Header,
                Required = isRequired,
                Description = "The ETag of the version that is to be changed.",
                Schema = JsonSchemas.Text(),
            };
    }

    private OpenApiResponses ResponsesOf(EndpointRow row, EndpointShape shape)
    {
        var status = shape.Status ?? (row.Method == "DELETE" && IsOurs(row.Pattern) ? 204 : 200);
        var good = new OpenApiResponse { Description = row.Summary };
        if (status != 204)
            good.Content = Content(
                shape.ContentType,
                shape.Response is { } type ? _schemas.Of(type)
                    : shape.ContentType == Json ? JsonSchemas.Free()
                    : JsonSchemas.Text()
            );
        var responses = new OpenApiResponses
        {
            [status.ToString(CultureInfo.InvariantCulture)] = good,
        };
        if (row.Needs != Permission.Anyone)
        {
            responses["401"] = Refusal(row, "No key, or not one of this server's");
            responses["403"] = Refusal(row, "The key's role does not allow it");
        }
        if (shape.IfMatch is not null)
            responses["412"] = Refusal(row, "It was changed meanwhile");
        responses["default"] = Refusal(row, "What is wrong");
        return responses;
    }

    private OpenApiResponse Refusal(EndpointRow row, string description) =>
        new()
        {
            Description = description,
            Content = IsOurs(row.Pattern)
                ? Content(
                    "application/problem+json",
                    new OpenApiSchemaReference(Problem, _document)
                )
                : Content(Json, JsonSchemas.Free()),
        };

    private OpenApiSecurityRequirement Requirement(string place) =>
        new() { [new OpenApiSecuritySchemeReference(place, _document)] = [] };

    private static Dictionary<string, OpenApiMediaType> Content(
        string type,
        IOpenApiSchema schema
    ) => new(StringComparer.Ordinal) { [type] = new OpenApiMediaType { Schema = schema } };

    /// <summary>Errors there are problem documents; elsewhere they come in the dialect's own shape.</summary>
    private static bool IsOurs(string pattern) =>
        TagOf(pattern) is "Gateway" or "Operations" || IsAdmin(pattern);

    private static bool IsAdmin(string pattern) =>
        pattern.StartsWith("/api/admin/", StringComparison.Ordinal);

    private static string TagOf(string pattern)
    {
        if (IsAdmin(pattern))
            return "Administration: " + pattern.Split('/')[3];
        return pattern switch
        {
            _ when pattern.StartsWith("/v1/messages", StringComparison.Ordinal) => "Anthropic",
            _ when pattern.StartsWith("/v1beta", StringComparison.Ordinal) => "Gemini",
            "/v1/models/{**rest}" => "Gemini",
            _ when pattern.StartsWith("/v1/", StringComparison.Ordinal) => "OpenAI",
            _ when pattern.StartsWith("/api/llm/", StringComparison.Ordinal) => "Gateway",
            _ when pattern.StartsWith("/api/", StringComparison.Ordinal) => "Ollama",
            _ => "Operations",
        };
    }

    private static string OperationName(string pattern) =>
        string.Concat(
            PathOf(pattern)
                .Split(['/', '{', '}', '.', '-', '_', ':'], StringSplitOptions.RemoveEmptyEntries)
                .Select(static word => char.ToUpperInvariant(word[0]) + word[1..])
        );

    private static string Nameless(string path) => Parameter().Replace(path, "{}");

    private static OpenApiSecurityScheme Header(string name) =>
        new()
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = name,
        };

    private static OpenApiSchema ProblemSchema() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "An error, as RFC 9457 has it.",
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = JsonSchemas.Text(),
                ["title"] = JsonSchemas.Text(),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = JsonSchemas.Text(),
                ["code"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "A stable word, e.g. `declared_in_file`.",
                },
                ["kind"] = JsonSchemas.Text(),
                ["param"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "The field that was wrong.",
                },
                ["retry_after_s"] = new OpenApiSchema { Type = JsonSchemaType.Number },
                ["mistakes"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Description = "Everything that is wrong with a configuration.",
                    Items = JsonSchemas.Free(),
                },
            },
            Required = new HashSet<string>(StringComparer.Ordinal) { "status", "detail", "code" },
        };

    [GeneratedRegex(@"\{\*\*?(?<name>[^}]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"\{(?<name>[^}]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();
}
