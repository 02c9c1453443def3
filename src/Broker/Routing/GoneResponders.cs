using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Requests;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Tells the askers of a connection's open requests that it has ended without an answer, so that they need not wait for their timeouts.
/// </summary>
internal static class GoneResponders
{
    /// <summary>Tells all askers of a connection that will not answer any more. A second call does nothing.</summary>
    /// <param name="gone">Its outbox, which admits nothing any more. No lock is held: the askers' outboxes take theirs.</param>
    /// <param name="table">Where the askers are found, if they are still connected.</param>
    internal static void TellAskers(Outbox gone, RoutingTable table)
    {
        var toFlush = new List<Outbox>();
        foreach (var (address, mark) in gone.TakeRequests()) Tell(address, mark, table, toFlush);
        foreach (var outbox in toFlush) outbox.Flush();
    }

    /// <summary>One connection fewer can answer this request; tells its asker if it was the last.</summary>
    internal static void Tell(in ReplyAddress address, RequestMark mark, RoutingTable table, List<Outbox> toFlush)
    {
        var subject = mark.Subject;
        if (mark.RemoveHolder()) Tell(address, subject, table, toFlush);
    }

    /// <summary>
    /// The request was reassigned to another connection; tells its asker if that one was the last and has ended meanwhile.
    /// </summary>
    internal static void HandOver(in ReplyAddress address, RequestMark mark, RoutingTable table, List<Outbox> toFlush)
    {
        var subject = mark.Subject;
        if (mark.HandOver()) Tell(address, subject, table, toFlush);
    }

    private static void Tell(in ReplyAddress address, byte[] subject, RoutingTable table, List<Outbox> toFlush)
    {
        if (table.Current.FindInbox(address.Owner) is not { } asker) return;
        var outbox = asker.Recipients[0].Outbox;
        if (outbox.Append(Unreached.ResponderGone(subject, address.ToSubject()))) toFlush.Add(outbox);
    }
}
