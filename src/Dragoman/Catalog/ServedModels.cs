namespace Dragoman.Catalog;

/// <summary>The models that servers in the house say they have, by provider.</summary>
public sealed class ServedModels(IReadOnlyDictionary<string, IReadOnlyList<ServedModel>> byProvider)
{
    private const string Latest = ":latest";

    public static readonly ServedModels None = new(
        new Dictionary<string, IReadOnlyList<ServedModel>>(StringComparer.Ordinal)
    );

    /// <summary>What a provider has; null where it was not asked or did not answer.</summary>
    public IReadOnlyList<ServedModel>? Of(string provider) =>
        byProvider.GetValueOrDefault(provider);

    /// <summary>The model of that name; a name without a tag also means the tag <c>latest</c>.</summary>
    public ServedModel? Find(string provider, string name)
    {
        if (Of(provider) is not { } models)
            return null;
        return Named(models, name) ?? Named(models, name + Latest);
    }

    private static ServedModel? Named(IReadOnlyList<ServedModel> models, string name)
    {
        foreach (var model in models)
        {
            if (model.Name == name)
                return model;
        }
        return null;
    }
}
