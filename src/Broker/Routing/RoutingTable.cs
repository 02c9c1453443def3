namespace UdsBroker.Broker.Routing;

/// <summary>
/// Where the newest snapshot is found. The router alone publishes; every publisher's stage reads. It outlives a restart of the
/// router, which goes on from the snapshot that is here.
/// </summary>
internal sealed class RoutingTable(ulong seed)
{
    private volatile RoutingSnapshot _current = RoutingSnapshot.Empty(seed);

    /// <summary>The seed of this process, for the hashes of whoever caches subjects.</summary>
    internal ulong Seed => seed;

    internal RoutingSnapshot Current
    {
        get => _current;
        set => _current = value;
    }
}
