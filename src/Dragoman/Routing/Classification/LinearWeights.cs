using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Dragoman.Routing.Classification;

/// <summary>
/// The weights of a linear model: for each feature some small integers, one an output, and for each output the size of one step. A file of
/// them is made by the training command and holds nothing else than hashes and numbers.
/// </summary>
internal sealed class LinearWeights
{
    private const uint Magic = 0x31475244; // "DRG1"
    private const int Header = 12;

    private readonly uint[] _keys;
    private readonly int[] _rows;
    private readonly sbyte[] _weights;
    private readonly float[] _steps;

    private LinearWeights(uint[] features, sbyte[] weights, float[] steps)
    {
        _weights = weights;
        _steps = steps;
        var size = 1024;
        while (size < features.Length * 2)
            size *= 2;
        _keys = new uint[size];
        _rows = new int[size];
        for (var row = 0; row < features.Length; row++)
        {
            var place = (int)(features[row] & (uint)(size - 1));
            while (_rows[place] != 0)
                place = (place + 1) & (size - 1);
            _keys[place] = features[row];
            _rows[place] = row + 1;
        }
    }

    /// <summary>Reads a file of the library.</summary>
    public static LinearWeights Embedded(string name)
    {
        using var stream = Assembly
            .GetExecutingAssembly()
            .GetManifestResourceStream("Dragoman.Routing.Classification." + name)!;
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return Read(file);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static LinearWeights Read(ReadOnlySpan<byte> file)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(file) != Magic)
            throw new InvalidDataException("These are no weights.");
        var count = BinaryPrimitives.ReadInt32LittleEndian(file[4..]);
        var steps = new float[BinaryPrimitives.ReadInt32LittleEndian(file[8..])];
        for (var output = 0; output < steps.Length; output++)
            steps[output] = BinaryPrimitives.ReadSingleLittleEndian(file[(Header + output * 4)..]);
        file = file[(Header + steps.Length * 4)..];
        var features = new uint[count];
        for (var i = 0; i < count; i++)
            features[i] = BinaryPrimitives.ReadUInt32LittleEndian(file[(i * 4)..]);
        var weights = new sbyte[count * steps.Length];
        file.Slice(count * 4, weights.Length).CopyTo(MemoryMarshal.AsBytes(weights.AsSpan()));
        return new(features, weights, steps);
    }

    /// <summary>The file for rows of one weight an output, in the order of the features' hashes.</summary>
    public static byte[] Write(IReadOnlyList<(uint Feature, float[] Weights)> rows)
    {
        var outputs = rows[0].Weights.Length;
        var file = new byte[Header + outputs * 4 + rows.Count * (4 + outputs)];
        BinaryPrimitives.WriteUInt32LittleEndian(file, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), rows.Count);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), outputs);
        var body = file.AsSpan(Header + outputs * 4);
        for (var output = 0; output < outputs; output++)
        {
            var step = Math.Max(rows.Max(row => Math.Abs(row.Weights[output])), 1e-6f) / 127;
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(Header + output * 4), step);
            for (var row = 0; row < rows.Count; row++)
                body[rows.Count * 4 + row * outputs + output] = (byte)
                    (sbyte)MathF.Round(rows[row].Weights[output] / step);
        }
        for (var row = 0; row < rows.Count; row++)
            BinaryPrimitives.WriteUInt32LittleEndian(body[(row * 4)..], rows[row].Feature);
        return file;
    }

    /// <summary>Adds what the features say for each output; returns how many of them were known.</summary>
    public int Score(ReadOnlySpan<uint> keys, ReadOnlySpan<float> values, Span<float> scores)
    {
        var known = 0;
        var mask = _keys.Length - 1;
        var outputs = _steps.Length;
        for (var i = 0; i < keys.Length; i++)
        {
            var place = (int)(keys[i] & (uint)mask);
            while (_rows[place] != 0 && _keys[place] != keys[i])
                place = (place + 1) & mask;
            if (_rows[place] == 0)
                continue;
            known++;
            var row = _weights.AsSpan((_rows[place] - 1) * outputs, outputs);
            for (var output = 0; output < outputs; output++)
                scores[output] += values[i] * row[output] * _steps[output];
        }
        return known;
    }
}
