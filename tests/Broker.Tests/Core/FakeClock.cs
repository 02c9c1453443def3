using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>A clock that stands still until the test moves it.</summary>
internal sealed class FakeClock : IMonotonicClock
{
    public long Milliseconds { get; private set; } = 1000;

    public long After(long milliseconds) => Milliseconds + milliseconds;

    internal void Advance(long milliseconds) => Milliseconds += milliseconds;
}
