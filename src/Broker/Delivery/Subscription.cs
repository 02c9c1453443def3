using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// One registered pattern of one connection, with its remaining credit and maximum. The identity (sid, pattern, queue) never changes; the
/// rest is guarded by the lock of the connection's outbox.
/// </summary>
internal sealed class Subscription
{
    /// <summary>No limit of credit or number.</summary>
    internal const ulong Unlimited = ulong.MaxValue;

    private readonly uint[] _sids;

    internal Subscription(Outbox outbox, uint sid, ReadOnlyMemory<byte> pattern, SubscribeOptions options, PendingBound bound)
    {
        Outbox = outbox;
        _sids = [sid];
        Pattern = pattern;
        Queue = options.Queue;
        WantsRetained = Queue is null && options.Retained != false;
        Policy = options.Overflow ?? OverflowPolicy.Block;
        Bound = options.PendingBytes is { } bytes ? bound with { Bytes = (long)Math.Min(bytes, (ulong)bound.Bytes) } : bound;
        Credit = options.Credit is { } credit ? Math.Min(credit, Unlimited - 1) : Unlimited;
    }

    internal Outbox Outbox { get; }

    /// <summary>The pattern's bytes, already valid.</summary>
    internal ReadOnlyMemory<byte> Pattern { get; }

    /// <summary>The queue group, or null for a plain subscription.</summary>
    internal string? Queue { get; }

    /// <summary>
    /// The client whose inbox it is; null for subscriptions that clients make. It exists as long as its client is connected.
    /// </summary>
    internal IClientRecord? Client { get; init; }

    /// <summary>Whether it is given the retained messages that match when it begins.</summary>
    internal bool WantsRetained { get; }

    internal OverflowPolicy Policy { get; }

    /// <summary>
    /// How much may wait in the backlog before the policy acts: what the client asked for, at most what the broker allows.
    /// </summary>
    internal PendingBound Bound { get; }

    /// <summary>The client's number for it; 0 is the connection's inbox.</summary>
    internal uint Sid => _sids[0];

    /// <summary>True for the subscription to all of the connection's own inbox that it has without asking.</summary>
    internal bool IsInbox => Sid == ReservedSubjects.InboxSid;

    /// <summary>The sid as DELIVER lists it.</summary>
    internal ReadOnlySpan<uint> Sids => _sids;

    /// <summary>
    /// False once it was unsubscribed, is drained, reached its maximum, or its connection closed: nothing more is admitted.
    /// </summary>
    internal bool IsOpen { get; set; } = true;

    /// <summary>True while the router knows it. Used by the session only.</summary>
    internal bool IsRouted { get; set; }

    /// <summary>True when the router was told that it has ended, perhaps before it was added. Used by the router only.</summary>
    internal bool IsOver { get; set; }

    /// <summary>Grows with each subscription to its pattern. Used by the router only.</summary>
    internal long Place { get; set; }

    /// <summary>True when the client asked to drain it: to receive what waits, followed by a report of the end.</summary>
    internal bool IsDraining { get; set; }

    /// <summary>How many more messages may be sent before the client grants more.</summary>
    internal ulong Credit { get; set; } = Unlimited;

    /// <summary>Subtracts sent messages from the credit, which the caller knows to suffice.</summary>
    internal void Charge(uint messages)
    {
        if (Credit != Unlimited) Credit -= messages;
    }

    /// <summary>How many more messages are admitted before the subscription ends by itself.</summary>
    internal ulong Remaining { get; set; } = Unlimited;

    /// <summary>What waits because the connection or the credit does not allow more; null while nothing does.</summary>
    internal Backlog? Backlog { get; set; }

    /// <summary>Changes whenever something of this subscription was sent or granted; a waiting publisher watches it.</summary>
    internal ulong Progress { get; set; }
}
