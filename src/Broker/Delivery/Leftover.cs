using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The messages that waited for a subscription when it ended and can still be reassigned. The new owner releases the parcels.
/// </summary>
/// <param name="Subscription">The subscription, which admits nothing any more.</param>
/// <param name="Parcels">The messages, in order.</param>
/// <param name="Reason">Why they are dropped if nobody else takes them.</param>
internal sealed record Leftover(Subscription Subscription, IReadOnlyList<Parcel> Parcels, DropReason Reason);
