using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Detects subscriptions that make no progress while a publisher waits for them, and makes them drop their oldest messages. It checks a few
/// times per stall timeout and judges by the progress between the checks, not by a clock. A check that comes late shows that the broker
/// itself was stopped: it does not count, and all start over. Pure: the time is an argument. Not thread-safe.
/// </summary>
/// <param name="timeout">The longest time without any progress.</param>
internal sealed class StallWatch(TimeSpan timeout)
{
    /// <summary>The number of checks per timeout.</summary>
    internal const int Checks = 4;

    // Timers are also late on a busy machine; if that counted as a pause of the broker, a short timeout would never elapse.
    private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(50);

    private readonly List<Observation> _observations = [];

    /// <summary>The time between two checks.</summary>
    internal TimeSpan Interval => timeout / Checks;

    /// <summary>The publisher begins to wait.</summary>
    internal void Begin(HoldingSubscriptions holding)
    {
        _observations.Clear();
        foreach (var subscription in holding) _observations.Add(Observe(subscription));
    }

    /// <summary>The publisher does not wait any longer.</summary>
    internal void End() => _observations.ClearAndTrim();

    /// <summary>Checks once.</summary>
    /// <param name="holding">The subscriptions as they were at the beginning, or none when the wait is over.</param>
    /// <param name="elapsed">The actual time since the last check, or since the beginning.</param>
    internal void Check(HoldingSubscriptions holding, TimeSpan elapsed)
    {
        if (elapsed > (Interval * 2) + Jitter)
        {
            Begin(holding);
            return;
        }

        // A subscription that catches up may open the gate of this publisher, which empties the list.
        for (var i = 0; i < holding.Count; i++)
        {
            var now = Observe(holding[i]);
            if (now.Progress == _observations[i].Progress) now = now with { Checks = _observations[i].Checks + 1 };
            _observations[i] = now;
            if (now.Checks >= Checks) holding[i].Outbox.BeginCatchingUp(holding[i]);
        }
    }

    private static Observation Observe(Subscription subscription) => new(subscription.Outbox.ProgressOf(subscription), 0);

    private readonly record struct Observation(ulong Progress, int Checks);
}
