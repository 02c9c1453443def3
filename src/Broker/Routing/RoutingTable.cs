namespace UdsBroker.Broker.Routing;

/// <summary>
/// Holds the newest snapshot. Only the router publishes one; every publisher's stage reads it. It outlives a restart of the router, which
/// continues from this snapshot.
/// </summary>
internal sealed class RoutingTable(ulong seed)
{
    private volatile RoutingSnapshot _current = RoutingSnapshot.Empty(seed);

    /// <summary>The seed of this process, for the hashes of all caches of subjects.</summary>
    internal ulong Seed => seed;

    internal RoutingSnapshot Current
    {
        get => _current;
        set => _current = value;
    }
}
