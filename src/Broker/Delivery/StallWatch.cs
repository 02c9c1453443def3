namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Finds, of the subscriptions for which one publisher waits, those that stand still, and makes them drop their oldest. It looks a few times within the
/// stall timeout and judges by the progress between the looks, not by a clock. A look that comes late shows that the broker itself was stopped: it
/// counts for nobody, and all begin anew. Pure: the time comes in. Not thread-safe.
/// </summary>
/// <param name="timeout">So long without any progress is too long.</param>
internal sealed class StallWatch(TimeSpan timeout)
{
    /// <summary>Looks within the timeout.</summary>
    internal const int Looks = 4;

    // Timers come late on a busy machine, too; a short timeout would never be over if that were a pause of the broker.
    private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(50);

    private readonly List<Seen> _seen = [];

    /// <summary>From one look to the next.</summary>
    internal TimeSpan Interval => timeout / Looks;

    /// <summary>The publisher begins to wait.</summary>
    internal void Begin(HoldingSubscriptions holding)
    {
        _seen.Clear();
        foreach (var subscription in holding) _seen.Add(See(subscription));
    }

    /// <summary>Looks once.</summary>
    /// <param name="holding">The subscriptions as they were at the beginning, or none when the wait is over.</param>
    /// <param name="elapsed">How long it really was since the last look, or the beginning.</param>
    internal void Look(HoldingSubscriptions holding, TimeSpan elapsed)
    {
        if (elapsed > (Interval * 2) + Jitter)
        {
            Begin(holding);
            return;
        }

        // Whoever catches up may open the gate of this very publisher, and then nobody is left.
        for (var i = 0; i < holding.Count; i++)
        {
            var now = See(holding[i]);
            if (now.Progress == _seen[i].Progress) now = now with { Looks = _seen[i].Looks + 1 };
            _seen[i] = now;
            if (now.Looks >= Looks) holding[i].Outbox.BeginCatchingUp(holding[i]);
        }
    }

    private static Seen See(Subscription subscription) => new(subscription.Outbox.ProgressOf(subscription), 0);

    private readonly record struct Seen(ulong Progress, int Looks);
}
