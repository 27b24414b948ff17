namespace Dragoman.Access;

/// <summary>Hung on an exchange whose model's name is not the client's but the house's own: whether the client may ask for that name does not matter, only who is called.</summary>
internal sealed class HouseNamed
{
    public static readonly HouseNamed Instance = new();

    private HouseNamed() { }
}
