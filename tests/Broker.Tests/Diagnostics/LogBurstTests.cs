using Akka.Actor;
using UdsBroker.Broker.Diagnostics;

namespace UdsBroker.Broker.Tests.Diagnostics;

/// <summary>A flood in the log: its first at once, then a line for each second, with the first of that.</summary>
public sealed class LogBurstTests
{
    private readonly Timer _timer = new();
    private readonly List<string> _lines = [];
    private readonly LogBurst _burst;

    public LogBurstTests() => _burst = new LogBurst((count, first) => _lines.Add($"{count}, first {first}"));

    [Fact]
    public void The_first_is_logged_at_once_and_the_rest_of_each_second_together()
    {
        foreach (var what in new[] { "a", "b", "c" }) _burst.Add(_timer, what);
        Assert.Equal(["1, first a"], _lines);
        SecondIsOver();
        Assert.Equal(["1, first a", "2, first b"], _lines);
        _burst.Add(_timer, "d");
        SecondIsOver();
        Assert.Equal(["1, first a", "2, first b", "1, first d"], _lines);
    }

    [Fact]
    public void A_second_in_which_nothing_came_is_not_logged_and_the_next_one_is_at_once()
    {
        _burst.Add(_timer, "a");
        SecondIsOver();
        Assert.Empty(_timer.ActiveTimers);
        _burst.Add(_timer, "b");
        Assert.Equal(["1, first a", "1, first b"], _lines);
    }

    private void SecondIsOver()
    {
        Assert.Same(_burst, Assert.Single(_timer.ActiveTimers));
        _timer.CancelAll();
        _burst.Report(_timer);
    }

    private sealed class Timer : ITimerScheduler
    {
        private readonly HashSet<object> _active = [];

        public IReadOnlyCollection<object> ActiveTimers => _active;

        public bool IsTimerActive(object key) => _active.Contains(key);

        public void StartSingleTimer(object key, object msg, TimeSpan timeout)
        {
            Assert.Equal((key, TimeSpan.FromSeconds(1)), (msg, timeout));
            _active.Add(key);
        }

        public void Cancel(object key) => _active.Remove(key);

        public void CancelAll() => _active.Clear();

        public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => throw new NotSupportedException();

        public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => throw new NotSupportedException();

        public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) => throw new NotSupportedException();

        public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => throw new NotSupportedException();

        public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) => throw new NotSupportedException();
    }
}
