namespace Dragoman.Simulator.Schemas;

/// <summary>A number within a schema's bounds.</summary>
internal static class SchemaNumbers
{
    public static decimal Of(SchemaView view, bool whole, int variant)
    {
        var step = view.Number("multipleOf") ?? (whole ? 1m : 0.5m);
        if (step <= 0 || (whole && step % 1 != 0))
            step = 1m;
        var least = view.Number("minimum");
        var most = view.Number("maximum");
        var above = view.Number("exclusiveMinimum");
        var below = view.Number("exclusiveMaximum");

        var floor = Max(least, above);
        var ceiling = Min(most, below);
        var start = floor ?? (ceiling < 1 ? ceiling.Value - step : 1m);
        var number = Math.Ceiling(start / step) * step;
        if (number <= above)
            number += step;
        // A bound that falls between two steps is met from within where the schema does not ask for the steps.
        if (!whole && view.Number("multipleOf") is null && (number > most || number >= below))
            number = Between(floor ?? ceiling!.Value - 1, ceiling!.Value, least is null);
        var shifted = number + step * variant;
        return shifted > most || shifted >= below ? number : shifted;
    }

    private static decimal Between(decimal floor, decimal ceiling, bool floorExcluded) =>
        floorExcluded || floor < ceiling ? (floor + ceiling) / 2 : floor;

    private static decimal? Max(decimal? one, decimal? other) =>
        one is null || other > one ? other : one;

    private static decimal? Min(decimal? one, decimal? other) =>
        one is null || other < one ? other : one;
}
