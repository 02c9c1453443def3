using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Reassigns the messages that an ended member of a queue group left to another member, so that nothing assigned is lost while there is
/// one. Such messages arrive later than in their original order. What nobody takes is dropped and counted, and the askers of requests among
/// it are told.
/// </summary>
/// <remarks>
/// No lock is held here. A member that ends meanwhile either refuses the messages, or leaves them to be reassigned again. A member that
/// takes them may exceed its bound, which holds back later publishers.
/// </remarks>
internal sealed class Reassignment(RoutingTable table, Limits limits)
{
    private readonly List<Subscription> _matches = [];
    private readonly HoldingSubscriptions _holding = new();
    private readonly List<Outbox> _toFlush = [];
    private uint _turn;

    /// <summary>Reassigns what the outbox of a connection kept for it; nearly free when that is nothing.</summary>
    internal static void Reassign(Outbox from, RoutingTable table, Limits limits)
    {
        if (from.TakeLeftovers() is { Count: > 0 } leftovers) new Reassignment(table, limits).Reassign(from, leftovers);
    }

    /// <summary>Reassigns what was taken from the outbox of a connection.</summary>
    internal void Reassign(Outbox from, IReadOnlyList<Leftover> leftovers)
    {
        foreach (var leftover in leftovers)
        {
            foreach (var parcel in leftover.Parcels)
            {
                Reassign(from, leftover, parcel.Run);
                parcel.Release();
            }
        }

        foreach (var outbox in _toFlush) outbox.Flush();
        _toFlush.Clear();
        _holding.Clear();
    }

    // Subject by subject, since each may match different members.
    private void Reassign(Outbox from, Leftover leftover, in Run run)
    {
        for (var rest = run; rest.Count > 0;)
        {
            var head = FrameCut.Head(rest.Bytes, limits);
            int length = head.Length, count = 1;
            FrameScanner.ExtendRun(rest.Bytes, head, limits, ref length, ref count, out _);
            ReassignSubject(from, leftover, rest.Head((uint)count, length), rest.Bytes.Slice(head.SubjectStart, head.SubjectLength));
            rest = rest.Tail((uint)count, length);
        }
    }

    private void ReassignSubject(Outbox from, Leftover leftover, in Run run, ReadOnlySpan<byte> subject)
    {
        var left = run;
        RoutingSnapshot? tried = null;
        while (left.Count > 0 && table.Current is var current && !ReferenceEquals(current, tried))
        {
            var taken = Members(current, leftover.Subscription, subject).Deliver(left, limits, _holding, _toFlush);
            var given = left.Head(taken, FrameCut.LengthOfFirst(left, taken, limits));
            foreach (var (address, mark) in from.RemoveRequests(given)) GoneResponders.HandOver(address, mark, table, _toFlush);
            left = left.Tail(taken, given.Length);
            tried = current;
        }

        if (left.Count == 0) return;
        foreach (var (address, mark) in from.RemoveRequests(left)) GoneResponders.Tell(address, mark, table, _toFlush);
        from.DropLeftover(leftover, left.Account, left.Count);
    }

    private QueueGroup Members(RoutingSnapshot snapshot, Subscription left, ReadOnlySpan<byte> subject)
    {
        _matches.Clear();
        if (left.Queue is not null) snapshot.Match(subject, _matches);
        return new QueueGroup([.. _matches.Where(member => member.Queue == left.Queue && member != left)], _turn++);
    }
}
