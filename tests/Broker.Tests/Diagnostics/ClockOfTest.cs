namespace UdsBroker.Broker.Tests.Diagnostics;

/// <summary>A clock that moves when the test says so.</summary>
internal sealed class ClockOfTest : TimeProvider
{
    public TimeSpan Now { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;
}
