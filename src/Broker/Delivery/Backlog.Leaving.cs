namespace UdsBroker.Broker.Delivery;

/// <summary>The way out for messages that somebody else may take when the subscription ends.</summary>
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

    /// <summary>Gives up all messages but not the gaps between them; the caller owns the parcels.</summary>
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

        // They are not gone, so what remembers them here would go on to.
        _expiring = null;
        _newest = null;
        return parcels;
    }
}
