using System.Runtime.InteropServices;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The thread-safe store of retained messages. It makes sure that a new subscription gets each value exactly once. Its lock makes two
/// operations atomic: a publisher stores the message, reads the newest snapshot and routes by it; the router gives new subscriptions what
/// is stored and publishes the snapshot with them. Whichever comes first, the value is either stored when the subscription begins, or
/// routed to it. Messages that are not to be retained never come here.
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

    /// <summary>What is stored now, and how many messages have expired so far.</summary>
    internal (int Messages, long Bytes, long Expired) Kept
    {
        get
        {
            lock (_lock) return (_messages.Count, _messages.Bytes, _messages.Expired);
        }
    }

    /// <summary>What is stored for one user now.</summary>
    internal (int Messages, long Bytes) KeptFor(uint? uid)
    {
        lock (_lock) return _messages.Shares.Of(uid);
    }

    /// <summary>The number of users for whom something is stored.</summary>
    internal int Users
    {
        get
        {
            lock (_lock) return _messages.Shares.Users;
        }
    }

    /// <summary>How often a message was refused because of this bound.</summary>
    internal long RefusedFor(KeptRoom room) => _messages.Shares.RefusedFor(room);

    /// <summary>Stores one message and routes it to its current subscribers.</summary>
    /// <param name="message">One whole frame with a valid subject.</param>
    /// <param name="cache">The publisher's own; it sees the newest snapshot from now on, so a route that was found before must not be used
    /// again.</param>
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

    /// <summary>Gives the subscriptions that begin what is stored for them, then publishes the snapshot that contains them.</summary>
    internal void PutInForce(RoutingSnapshot snapshot, IReadOnlyList<RoutingChange> changes)
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

    /// <summary>Removes everything.</summary>
    internal void Clear()
    {
        lock (_lock) _messages.Clear();
    }

    // Nothing is removed while the lock is held, and the outbox retains what it does not copy.
    private void Deliver(Subscription subscription, List<Outbox> toFlush)
    {
        if (!subscription.Outbox.Admits(subscription)) return;
        _messages.Match(subscription.Pattern.Span, _matches);
        if (subscription.Outbox.Replay(subscription, CollectionsMarshal.AsSpan(_matches))) toFlush.Add(subscription.Outbox);
        _matches.Clear();
    }
}
