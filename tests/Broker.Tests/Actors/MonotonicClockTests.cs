using System.Diagnostics;
using UdsBroker.Broker.Actors;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>The clock of deadlines counts whole milliseconds; nothing is due a part of one early.</summary>
public sealed class MonotonicClockTests
{
    [Fact]
    public void A_deadline_is_never_early()
    {
        var clock = new MonotonicClock();
        for (var i = 0; i < 50; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var due = clock.After(1);
            while (clock.Milliseconds < due) Thread.SpinWait(10);
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromMilliseconds(1), TimeSpan.MaxValue);
        }
    }
}
