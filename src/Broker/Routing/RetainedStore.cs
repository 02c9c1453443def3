using System.Runtime.InteropServices;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Where retained messages and new subscriptions meet, such that a subscription gets each value exactly once. The lock makes two steps
/// whole: a publisher keeps the message, looks at the newest snapshot and routes; the router gives new subscriptions what is kept and publishes the
/// snapshot that has them. Whichever comes first, the value is either kept when the subscription begins, or routed to it. Thread-safe; messages that
/// are not to be retained never come here.
/// </summary>
/// <remarks>The locks of outboxes are taken within this one, never the other way. Nothing is sent under it.</remarks>
internal sealed class RetainedStore(RoutingTable table, SlabPool pool, Limits limits, IMonotonicClock clock, RetainedBounds bounds)
{
    private readonly Lock _lock = new();
    private readonly RetainedMessages _messages = new(bounds, pool, clock, table.Seed);
    private readonly List<RetainedMessage> _matches = [];

    /// <summary>How much may be kept, from now on.</summary>
    internal RetainedBounds Bounds
    {
        get
        {
            lock (_lock) return _messages.Bounds;
        }

        set
        {
            lock (_lock) _messages.Bounds = value;
        }
    }

    /// <summary>What is kept for users now, and how much of all that was has expired.</summary>
    internal (int Messages, long Bytes, long Expired) Kept
    {
        get
        {
            lock (_lock) return (_messages.Count, _messages.Bytes, _messages.Expired);
        }
    }

    /// <summary>What is kept for one user now.</summary>
    internal (int Messages, long Bytes) KeptFor(uint? uid)
    {
        lock (_lock) return _messages.Shares.Of(uid);
    }

    /// <summary>Users for whom something is kept.</summary>
    internal int Users
    {
        get
        {
            lock (_lock) return _messages.Shares.Users;
        }
    }

    /// <summary>How often that bound kept a message out.</summary>
    internal long RefusedFor(KeptRoom room) => _messages.Shares.RefusedFor(room);

    /// <summary>Keeps one message and routes it to whoever subscribes at this moment.</summary>
    /// <param name="message">One whole frame with a valid subject.</param>
    /// <param name="cache">The publisher's own; it sees the newest snapshot from now on, so a route that was found before must not be used again.</param>
    /// <param name="holding">Receives the subscriptions that the publisher has to wait for.</param>
    /// <param name="toFlush">Receives the outboxes that the caller has to flush.</param>
    /// <param name="deliveries">How many deliveries were made.</param>
    internal RetainOutcome Publish(in Run message, SubjectCache cache, HoldingSubscriptions holding, List<Outbox> toFlush, out ulong deliveries)
    {
        var head = FrameCut.Head(message.Bytes, limits);
        lock (_lock)
        {
            cache.Refresh();
            deliveries = 0;
            if (cache.Find(message.Bytes.Slice(head.SubjectStart, head.SubjectLength)) is not { } route) return RetainOutcome.Denied;
            var outcome = _messages.Keep(message, head);
            deliveries = route.Deliver(message, limits, holding, toFlush);
            return outcome;
        }
    }

    /// <summary>Gives the subscriptions that begin what is kept for them, then puts the snapshot in force that has them.</summary>
    internal void Enforce(RoutingSnapshot snapshot, IReadOnlyList<RoutingChange> changes)
    {
        var toFlush = new List<Outbox>();
        lock (_lock)
        {
            foreach (var change in changes)
            {
                if (change.Begins && change.Subscription.WantsRetained) Deliver(change.Subscription, toFlush);
            }

            table.Current = snapshot;
        }

        foreach (var outbox in toFlush) outbox.Flush();
    }

    /// <summary>Gives up everything.</summary>
    internal void Clear()
    {
        lock (_lock) _messages.Clear();
    }

    // What is kept stays kept while the lock is held, and the outbox retains what it does not copy.
    private void Deliver(Subscription subscription, List<Outbox> toFlush)
    {
        if (!subscription.Outbox.Admits(subscription)) return;
        _messages.Match(subscription.Pattern.Span, _matches);
        if (subscription.Outbox.Replay(subscription, CollectionsMarshal.AsSpan(_matches))) toFlush.Add(subscription.Outbox);
        _matches.Clear();
    }
}
