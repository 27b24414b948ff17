using System.Buffers.Binary;

namespace Dragoman.Routing.Classification;

/// <summary>
/// The weights of the task classifier: for each feature ten small integers, one a task, and for each task the size of one step. The file is
/// made by the training command and holds nothing else than hashes and numbers.
/// </summary>
internal sealed class TaskWeights
{
    private const uint Magic = 0x31475244; // "DRG1"

    private readonly uint[] _keys;
    private readonly int[] _rows;
    private readonly sbyte[] _weights;
    private readonly float[] _steps;

    private TaskWeights(uint[] features, sbyte[] weights, float[] steps)
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

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TaskWeights Read(ReadOnlySpan<byte> file)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(file) != Magic)
            throw new InvalidDataException("These are no weights of the task classifier.");
        var count = BinaryPrimitives.ReadInt32LittleEndian(file[4..]);
        var steps = new float[TaskKinds.Count];
        for (var task = 0; task < steps.Length; task++)
            steps[task] = BinaryPrimitives.ReadSingleLittleEndian(file[(8 + task * 4)..]);
        var at = 8 + steps.Length * 4;
        var features = new uint[count];
        for (var i = 0; i < count; i++)
            features[i] = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + i * 4)..]);
        var weights = new sbyte[count * TaskKinds.Count];
        file.Slice(at + count * 4, weights.Length).CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.AsSpan()));
        return new(features, weights, steps);
    }

    /// <summary>The file for weights given as one row of ten a feature; the rows must be in the order of the features' hashes.</summary>
    public static byte[] Write(IReadOnlyList<(uint Feature, float[] Weights)> rows)
    {
        var file = new byte[8 + TaskKinds.Count * 4 + rows.Count * (4 + TaskKinds.Count)];
        BinaryPrimitives.WriteUInt32LittleEndian(file, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), rows.Count);
        var at = 8 + TaskKinds.Count * 4;
        for (var task = 0; task < TaskKinds.Count; task++)
        {
            var most = rows.Count == 0 ? 1 : rows.Max(row => Math.Abs(row.Weights[task]));
            var step = Math.Max(most, 1e-6f) / sbyte.MaxValue;
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(8 + task * 4), step);
            for (var row = 0; row < rows.Count; row++)
                file[at + rows.Count * 4 + row * TaskKinds.Count + task] = (byte)
                    (sbyte)Math.Round(rows[row].Weights[task] / step);
        }
        for (var row = 0; row < rows.Count; row++)
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + row * 4), rows[row].Feature);
        return file;
    }

    /// <summary>Adds what each feature says for each task; returns how many features were known.</summary>
    public int Score(FeatureBag bag, Span<float> scores)
    {
        var known = 0;
        var mask = _keys.Length - 1;
        var keys = bag.Keys;
        var values = bag.Values;
        for (var i = 0; i < keys.Length; i++)
        {
            var place = (int)(keys[i] & (uint)mask);
            while (_rows[place] != 0 && _keys[place] != keys[i])
                place = (place + 1) & mask;
            if (_rows[place] == 0)
                continue;
            known++;
            var row = _weights.AsSpan((_rows[place] - 1) * TaskKinds.Count, TaskKinds.Count);
            for (var task = 0; task < TaskKinds.Count; task++)
                scores[task] += values[i] * row[task] * _steps[task];
        }
        return known;
    }
}
