using System.Diagnostics;

namespace UdsBroker.Bench.Cells;

/// <summary>Times collected without allocation, and their percentiles.</summary>
internal sealed class Percentiles(int capacity)
{
    private readonly long[] _ticks = new long[capacity];
    private int _count;

    internal bool IsFull => _count == _ticks.Length;

    internal void Add(long ticks)
    {
        if (!IsFull) _ticks[_count++] = ticks;
    }

    /// <summary>The time below which this share of them lies, in microseconds.</summary>
    internal double Microseconds(double share)
    {
        if (_count == 0) return double.NaN;
        Array.Sort(_ticks, 0, _count);
        return _ticks[Math.Min(_count - 1, (int)(share * _count))] * 1e6 / Stopwatch.Frequency;
    }
}
