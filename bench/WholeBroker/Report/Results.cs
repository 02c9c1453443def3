using UdsBroker.Bench.Cells;
using UdsBroker.Bench.Contenders;

namespace UdsBroker.Bench.Report;

/// <summary>The values of all rounds, by row and contender; the median is reported.</summary>
internal sealed class Results(IReadOnlyList<Contender> contenders)
{
    private readonly List<Row> _rows = [];
    private readonly Dictionary<(Row Row, string Contender), List<double>> _values = [];

    /// <summary>The rows in the order in which they came.</summary>
    internal IReadOnlyList<Row> Rows => _rows;

    /// <summary>All contenders that took part.</summary>
    internal IReadOnlyList<Contender> Contenders => contenders;

    /// <summary>Why a contender has no value in a cell.</summary>
    internal List<string> Failures { get; } = [];

    internal void Add(Row row, Contender contender, double value)
    {
        if (!_rows.Contains(row)) _rows.Add(row);
        if (double.IsNaN(value)) return;
        if (!_values.TryGetValue((row, contender.Name), out var values)) _values[(row, contender.Name)] = values = [];
        values.Add(value);
    }

    /// <summary>The median of all rounds; not a number when there is none.</summary>
    internal double Median(Row row, Contender contender)
    {
        if (!_values.TryGetValue((row, contender.Name), out var values)) return double.NaN;
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The best median of the peers.</summary>
    internal double BestPeer(Row row)
    {
        var medians = contenders.Where(contender => contender.IsPeer).Select(contender => Median(row, contender)).Where(double.IsFinite).ToList();
        return medians.Count == 0 ? double.NaN : row.MoreIsBetter ? medians.Max() : medians.Min();
    }

    /// <summary>Ours in relation to another value; above 1 is better, whatever the row measures.</summary>
    internal static double Ratio(Row row, double ours, double other) => row.MoreIsBetter ? ours / other : other / ours;
}
