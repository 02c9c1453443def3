using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// A block of a <see cref="ParcelStore"/>. It is charged as a whole while any parcel lies in it, because one waiting message keeps all of
/// it alive.
/// </summary>
/// <param name="slab">Its memory.</param>
internal sealed class ParcelBlock(Slab slab)
{
    internal Slab Slab => slab;

    /// <summary>How many parcels lie in it.</summary>
    internal int Parcels { get; set; }
}
