using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>A clock that stands still until the test moves it.</summary>
internal sealed class FakeClock : IMonotonicClock
{
    public long Milliseconds { get; private set; } = 1000;

    /// <summary>Called whenever a deadline is computed, so that something else can happen at that moment.</summary>
    internal Action? DeadlineAsked { get; set; }

    public long After(long milliseconds)
    {
        DeadlineAsked?.Invoke();
        return Milliseconds + milliseconds;
    }

    internal void Advance(long milliseconds) => Milliseconds += milliseconds;
}
