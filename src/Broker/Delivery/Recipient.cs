namespace UdsBroker.Broker.Delivery;

/// <summary>The subscriptions of one connection that a subject matched: they share one DELIVER and one copy of the bytes.</summary>
internal sealed class Recipient
{
    // Null for a single subscription, which already has the list of its sid.
    private readonly uint[]? _sids;

    internal Recipient(Outbox outbox, Subscription[] subscriptions)
    {
        Outbox = outbox;
        Subscriptions = subscriptions;
        if (subscriptions.Length == 1) return;
        _sids = new uint[subscriptions.Length];
        for (var i = 0; i < _sids.Length; i++) _sids[i] = subscriptions[i].Sid;
    }

    internal Outbox Outbox { get; }

    internal Subscription[] Subscriptions { get; }

    internal ReadOnlySpan<uint> Sids => _sids is null ? Subscriptions[0].Sids : _sids;
}
