using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Waiting messages with a deadline. Expired ones are dropped when something arrives, so that they make room before live messages have to,
/// and when it is their turn to be sent; in between nobody checks the time. Their gap stays at their place.
/// </summary>
internal sealed partial class Backlog
{
    private ExpiryQueue<Parcel>? _expiring;

    private void DropExpired()
    {
        DropExpiredReplayed();
        if (_expiring is not { Count: > 0 } expiring) return;
        var now = clock.Milliseconds;
        while (expiring.TryFindExpired(now, out var parcel))
        {
            parcel.Account.Dropped(parcel.Count, DropReason.Expired);
            MissBefore(parcel.Next, parcel.MissedBefore + new Gap(parcel.Count, parcel.Count));
            RemoveHead(parcel, parcel.Count, parcel.Length);
        }
    }
}
