using System.Diagnostics;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Actors;

/// <summary>The clock of the machine that nobody can set.</summary>
internal sealed class MonotonicClock : IMonotonicClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public long Milliseconds => 1 + (long)Stopwatch.GetElapsedTime(_start).TotalMilliseconds;
}
