namespace UdsBroker.Broker.Buffers;

/// <summary>
/// Counts the bytes that are held for somebody: what waits to be sent, and the beginning of a frame whose rest has not come. The meter of
/// a connection counts into that of its user, and that one into the broker's, so that each bound has one number to look at.
/// </summary>
/// <remarks>
/// Bytes are entered when they begin to wait and taken off when they no longer do; what passes through without waiting costs nothing here.
/// Whoever enters bytes takes the same number off again, so that every meter is at exactly zero when nothing waits. Any thread may call.
/// </remarks>
/// <param name="parent">Counts the same bytes for a larger circle; null for the broker's own.</param>
/// <param name="bound">What it should not exceed, in bytes, at first.</param>
/// <param name="exceeded">Called on the thread of whoever enters bytes beyond the bound, or would have, every time; must not wait.</param>
internal sealed class MemoryMeter(MemoryMeter? parent, long bound, Action? exceeded = null)
{
    private long _bound = bound;
    private long _bytes;

    /// <summary>The bytes held now.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>What it should not exceed; what is held beyond a smaller one stays until it leaves.</summary>
    internal long Bound { get => Volatile.Read(ref _bound); set => Volatile.Write(ref _bound, value); }

    /// <summary>True while more is held than should be.</summary>
    internal bool IsExceeded => Bytes > Bound;

    /// <summary>How many more bytes would exceed no bound, its own or of a larger circle.</summary>
    internal long Room => Math.Min(Math.Max(0, Bound - Bytes), parent?.Room ?? long.MaxValue);

    /// <summary>The broker's own, which counts everything.</summary>
    internal MemoryMeter Root => parent?.Root ?? this;

    /// <summary>Whether so many more bytes are within the bound.</summary>
    internal bool HasRoomFor(long bytes)
    {
        if (Bytes + bytes <= Bound) return true;
        exceeded?.Invoke();
        return false;
    }

    /// <summary>Enters <paramref name="bytes"/>, or takes them off when the number is negative.</summary>
    internal void Add(long bytes)
    {
        var held = Interlocked.Add(ref _bytes, bytes);
        if (held < 0) throw new InvalidOperationException("More bytes were taken off a meter than were entered.");
        parent?.Add(bytes);
        if (bytes > 0 && held > Bound) exceeded?.Invoke();
    }
}
