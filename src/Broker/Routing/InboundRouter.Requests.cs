using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Runs in which somebody waits for an answer, or that go to the inbox of a connection that is gone: whoever published them is told at
/// once when there is nobody.
/// </summary>
internal sealed partial class InboundRouter
{
    // The messages of the run have one subject.
    private void Ask(in Run run, Route route)
    {
        var deliveries = route.Deliver(run, limits, Holding, _toFlush, out var reached);
        account.Routed(run.Count, deliveries);
        Volatile.Write(ref _work, _work + 1);
        if (reached < run.Count) TellUnreached(run.Tail(reached, FrameCut.Of(run, reached, limits)), route);
    }

    // One answer for each message with a reply, for each has its own asker; for those without one for each inbox that is gone.
    private void TellUnreached(in Run run, Route route)
    {
        ReadOnlySpan<byte> told = default;
        for (var bytes = run.Bytes; bytes.Length > 0;)
        {
            var head = FrameCut.Head(bytes, limits);
            var subject = bytes.Slice(head.SubjectStart, head.SubjectLength);
            var reply = ReplyOf(bytes, head);
            bytes = bytes[head.Length..];
            if (!route.IsInbox)
            {
                if (!reply.IsEmpty) Reply(Unreached.NoResponders(subject, reply));
            }
            else if (!reply.IsEmpty || !subject.SequenceEqual(told))
            {
                Reply(Unreached.Gone(subject, reply));
                told = subject;
            }
        }
    }

    private static ReadOnlySpan<byte> ReplyOf(ReadOnlySpan<byte> frame, in FrameHead head) => head.ReplyLength > 0 ? frame.Slice(head.ReplyStart, head.ReplyLength) : default;
}
