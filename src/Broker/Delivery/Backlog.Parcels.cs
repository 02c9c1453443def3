using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>The chain of parcels, oldest first, and the gap after the newest.</summary>
internal sealed partial class Backlog
{
    private Parcel? _first;
    private Parcel? _last;
    private Gap _missedAtEnd;

    /// <summary>The bytes that wait, which the subscription's bound is about.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The messages that wait.</summary>
    internal long Messages { get; private set; }

    private void Push(in Run run)
    {
        var last = _missedAtEnd.IsEmpty ? _last : null;
        if (_store.Hold(run, last) is { } parcel) Link(parcel);
        Bytes += run.Length;
        Messages += run.Count;
        Recharge();
    }

    private void Link(Parcel parcel)
    {
        parcel.MissedBefore = _missedAtEnd;
        _missedAtEnd = default;
        parcel.Previous = _last;
        if (_last is null) _first = parcel;
        else _last.Next = parcel;
        _last = parcel;
        if (parcel.CanExpire) (_expiring ??= new ExpiryQueue<Parcel>()).Add(parcel);
    }

    // The parcel may be anywhere in the chain; the caller has moved its gap.
    private void Unlink(Parcel parcel)
    {
        if (parcel.Previous is null) _first = parcel.Next;
        else parcel.Previous.Next = parcel.Next;
        if (parcel.Next is null) _last = parcel.Previous;
        else parcel.Next.Previous = parcel.Previous;
        _store.Remove(parcel);
    }

    private void RemoveHead(Parcel parcel, uint messages, int length)
    {
        Bytes -= length;
        Messages -= messages;
        if (messages < parcel.Count)
        {
            parcel.RemoveHead(messages, length);
            return;
        }

        if (parcel.Subject is { } subject)
        {
            _newest!.Remove(subject);
            _newest.TrimIfSparse();
        }

        Unlink(parcel);
        parcel.Release();
        if (parcel.CanExpire) _expiring!.CountGone();
        Recharge();
    }

    private void Miss(uint messages, PublisherAccount account, DropReason reason = DropReason.Overflow)
    {
        account.Dropped(messages, reason);
        _missedAtEnd += Gap.Of(messages);
    }

    // Adds to the gap before a parcel, or to the one at the end when there is no such parcel.
    private void MissBefore(Parcel? next, Gap missed)
    {
        if (next is not null) next.MissedBefore += missed;
        else _missedAtEnd += missed;
    }
}
