using System.Diagnostics;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Streams;

/// <summary>What bounds the reading of one connection: how fast, how long a frame may take, and who counts the memory of an unfinished one.</summary>
/// <param name="memory">Counts what an unfinished frame holds.</param>
/// <param name="own">How fast this connection may be read; null for any rate.</param>
/// <param name="user">The share of its user, which says how fast all connections of that may be read at the moment; null for none.</param>
/// <param name="frameTimeout">How long a frame that has begun may take.</param>
/// <param name="traffic">Counts the pauses.</param>
internal sealed class ReceiveBounds(MemoryMeter? memory, ReceiveAllowance? own, UserShare? user, TimeSpan frameTimeout, Traffic traffic)
{
    private volatile bool _isPausing;

    internal MemoryMeter? Memory => memory;

    internal TimeSpan FrameTimeout => frameTimeout;

    /// <summary>The most to receive at once, so that no pause becomes long.</summary>
    internal int MostAtOnce => Math.Min(own?.MostAtOnce ?? int.MaxValue, user?.Receiving?.MostAtOnce ?? int.MaxValue);

    /// <summary>True while the connection is not read because of its rate: its silence is not its own. Set by its stage, read by any thread.</summary>
    internal bool IsPausing { get => _isPausing; set => _isPausing = value; }

    /// <summary>Enters received bytes; returns for how long nothing more may be read, zero for going on.</summary>
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
