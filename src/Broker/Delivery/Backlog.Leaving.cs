namespace UdsBroker.Broker.Delivery;

/// <summary>Hands over messages that other subscriptions may take when this one ends.</summary>
internal sealed partial class Backlog
{
    /// <summary>True when some of the waiting messages are requests.</summary>
    internal bool HasRequests
    {
        get
        {
            for (var parcel = _first; parcel is not null; parcel = parcel.Next)
            {
                if (parcel.HasRequests) return true;
            }

            return false;
        }
    }

    /// <summary>Removes all messages but keeps the gaps between them; the caller owns the parcels.</summary>
    internal List<Parcel> TakeAll()
    {
        DropExpired();
        var parcels = new List<Parcel>();
        while (_first is { } parcel)
        {
            _missedAtEnd += parcel.MissedBefore;
            parcels.Add(parcel);
            Bytes -= parcel.Length;
            Messages -= parcel.Count;
            Unlink(parcel);
        }

        // The parcels are still alive, so these would go on referring to them.
        _expiring = null;
        _newest = null;
        Recharge();
        return parcels;
    }
}
