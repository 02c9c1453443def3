using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The policy <c>latest</c>: only the newest message of each subject waits. It is appended at the end and not put in the place of the older
/// one, because the messages of a publisher stay in order; the gap is at the place of the older one.
/// </summary>
internal sealed partial class Backlog
{
    private Dictionary<byte[], Parcel>? _newest;

    private void HoldLatest(in Run run, bool isUserFull)
    {
        var held = Bytes;
        var bytes = run.Bytes;
        var start = 0;
        var head = FrameCut.Head(bytes, limits);
        while (true)
        {
            var next = start + head.Length;
            var subject = bytes.Slice(start + head.SubjectStart, head.SubjectLength);
            if (next == bytes.Length)
            {
                HoldNewest(run.One(start, head.Length), subject);
                break;
            }

            var nextHead = FrameCut.Head(bytes[next..], limits);
            if (subject.SequenceEqual(bytes.Slice(next + nextHead.SubjectStart, nextHead.SubjectLength))) Miss(1, run.Account);
            else HoldNewest(run.One(start, head.Length), subject);
            (start, head) = (next, nextHead);
        }

        DropOldest(isUserFull ? held : subscription.Bound.Bytes);
    }

    private void HoldNewest(in Run message, ReadOnlySpan<byte> subject)
    {
        _newest ??= new Dictionary<byte[], Parcel>(SubjectBytes.Comparer);
        var newest = _newest.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (newest.TryGetValue(subject, out var key, out var older)) DropSuperseded(older);
        else key = subject.ToArray();
        var parcel = _store.HoldAlone(message, key);
        Link(parcel);
        Bytes += message.Length;
        Messages++;
        _newest[key] = parcel;
        Recharge();
    }

    private void DropSuperseded(Parcel parcel)
    {
        parcel.Account.Dropped(1, DropReason.Overflow);
        MissBefore(parcel.Next, parcel.MissedBefore + Gap.Of(1));
        RemoveHead(parcel, 1, parcel.Length);
    }
}
