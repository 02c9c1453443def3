using System.Diagnostics;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// The bounds of reading from one connection: its rate, the time that a frame may take, and the meter for the memory of an unfinished
/// frame.
/// </summary>
/// <param name="memory">Counts what an unfinished frame holds.</param>
/// <param name="own">The rate limit of this connection; null for any rate.</param>
/// <param name="user">The share of its user, with the current rate limit of all its connections; null for none.</param>
/// <param name="frameTimeout">How long a frame that has begun may take.</param>
/// <param name="traffic">Counts the pauses.</param>
internal sealed class ReceiveBounds(MemoryMeter? memory, ReceiveAllowance? own, UserShare? user, TimeSpan frameTimeout, Traffic traffic)
{
    private volatile bool _isPausing;

    internal MemoryMeter? Memory => memory;

    internal TimeSpan FrameTimeout => frameTimeout;

    /// <summary>The most bytes to receive at once, so that no pause becomes long.</summary>
    internal int MaxAtOnce => Math.Min(own?.MaxAtOnce ?? int.MaxValue, user?.Receiving?.MaxAtOnce ?? int.MaxValue);

    /// <summary>
    /// True while the connection is not read because of its rate, so that the peer's silence proves nothing. Set by its stage, read by any
    /// thread.
    /// </summary>
    internal bool IsPausing { get => _isPausing; set => _isPausing = value; }

    /// <summary>Counts received bytes; returns how long to pause before reading more, zero for no pause.</summary>
    internal TimeSpan Take(int bytes)
    {
        var ofUser = user?.Receiving;
        if (own is null && ofUser is null) return TimeSpan.Zero;
        var now = Stopwatch.GetElapsedTime(0).Ticks;
        var pause = own?.Take(bytes, now) ?? TimeSpan.Zero;
        var userPause = ofUser?.Take(bytes, now) ?? TimeSpan.Zero;
        var longest = pause > userPause ? pause : userPause;
        if (longest > TimeSpan.Zero) traffic.Hit(pause > userPause ? Limit.ConnectionsReceiveRate : Limit.UsersReceiveRate);
        return longest;
    }
}
