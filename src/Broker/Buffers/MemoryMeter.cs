namespace UdsBroker.Broker.Buffers;

/// <summary>
/// Counts the bytes that are held for a connection, a user or the broker: what waits to be sent, and the beginnings of unfinished frames. A
/// connection's meter also charges that of its user, and that one the broker's, so that each bound has one number to check.
/// </summary>
/// <remarks>
/// Bytes are charged when they begin to wait and discharged when they no longer do; what passes through without waiting is not counted.
/// Every charge is discharged exactly, so every meter is at zero when nothing waits. Thread-safe.
/// </remarks>
/// <param name="parent">The meter of the next level, which counts the same bytes; null for the broker's own.</param>
/// <param name="bound">The initial bound in bytes.</param>
/// <param name="exceeded">
/// Called on the charging thread whenever bytes beyond the bound are charged, or would have been; must not block.
/// </param>
internal sealed class MemoryMeter(MemoryMeter? parent, long bound, Action? exceeded = null)
{
    private long _bound = bound;
    private long _bytes;

    /// <summary>The bytes held now.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The bound in bytes. When it is lowered, what is held beyond it stays until it leaves.</summary>
    internal long Bound { get => Volatile.Read(ref _bound); set => Volatile.Write(ref _bound, value); }

    /// <summary>True while more is held than the bound.</summary>
    internal bool IsExceeded => Bytes > Bound;

    /// <summary>How many more bytes fit all bounds, its own and those of its parents.</summary>
    internal long Room => Math.Min(Math.Max(0, Bound - Bytes), parent?.Room ?? long.MaxValue);

    /// <summary>The broker's own meter, which counts everything.</summary>
    internal MemoryMeter Root => parent?.Root ?? this;

    /// <summary>Whether this many more bytes fit the bound.</summary>
    internal bool HasRoomFor(long bytes)
    {
        if (Bytes + bytes <= Bound) return true;
        exceeded?.Invoke();
        return false;
    }

    /// <summary>Charges <paramref name="bytes"/>, or discharges them when the number is negative.</summary>
    internal void Add(long bytes)
    {
        var held = Interlocked.Add(ref _bytes, bytes);
        if (held < 0) throw new InvalidOperationException("More bytes were taken off a meter than were entered.");
        parent?.Add(bytes);
        if (bytes > 0 && held > Bound) exceeded?.Invoke();
    }
}
