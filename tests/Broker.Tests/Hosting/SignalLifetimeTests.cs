using Microsoft.Extensions.Hosting;
using UdsBroker.Broker.Hosting;

namespace UdsBroker.Broker.Tests.Hosting;

/// <summary>The first signal asks for the end, the second ends at once with the code that a shell expects; an echo of the first is ignored.</summary>
public class SignalLifetimeTests
{
    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public void The_first_signal_asks_and_the_second_ends_at_once(int signal, int code)
    {
        using var application = new ApplicationOfTest();
        var exits = new List<int>();
        var clock = new ClockOfTest();
        using var lifetime = new SignalLifetime(application, clock, exits.Add);
        Assert.False(lifetime.IsStopRequested);

        lifetime.OnSignal(15);
        Assert.True(lifetime.IsStopRequested);
        Assert.True(application.ApplicationStopping.IsCancellationRequested);

        clock.Now += SignalLifetime.SameRequest;
        lifetime.OnSignal(signal);
        Assert.Empty(exits); // an echo of the first

        clock.Now += TimeSpan.FromMilliseconds(1);
        lifetime.OnSignal(signal);
        Assert.Equal([code], exits);
    }

    private sealed class ClockOfTest : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    private sealed class ApplicationOfTest : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
