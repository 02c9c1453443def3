using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Runs that contain requests, or that go to the inbox of a connection that is gone: their publisher is told at once when nobody receives
/// them.
/// </summary>
internal sealed partial class InboundRouter
{
    private RequestMarks? _marks;

    private RequestMarks Marks => _marks ??= new RequestMarks(table.Seed);

    // The messages of the run have one subject.
    private void Ask(in Run run, Route route)
    {
        var head = FrameCut.Head(run.Bytes, limits);
        var subject = run.Bytes.Slice(head.SubjectStart, head.SubjectLength);
        if (!route.FansOut)
        {
            Deliver(run.Asking(Marks.Of(subject)), route);
            return;
        }

        for (var offset = 0; offset < run.Length; offset += head.Length)
        {
            head = FrameCut.Head(run.Bytes[offset..], limits);
            AskSeveral(run.One(offset, head.Length), head, subject, route);
        }
    }

    // All recipients may have ended before the last of them was given the message; then the publisher, as the last holder, is told here.
    private void AskSeveral(in Run message, in FrameHead head, ReadOnlySpan<byte> subject, Route route)
    {
        var reply = ReplyOf(message.Bytes, head);
        if (!account.IsAsking(reply))
        {
            Deliver(message, route);
            return;
        }

        var shared = Marks.Share(subject);
        var reached = Deliver(message.Asking(shared), route);
        if (shared.RemoveHolder() && reached > 0) Reply(Unreached.ResponderGone(subject, reply));
    }

    private uint Deliver(in Run run, Route route)
    {
        Count(run.Count, route.Deliver(run, limits, Holding, _toFlush, out var reached));
        if (reached < run.Count) TellUnreached(run.Tail(reached, FrameCut.LengthOfFirst(run, reached, limits)), route);
        return reached;
    }

    // One answer for each message with a reply subject, because each has its own asker; for messages without one, one answer per inbox that
    // is gone.
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
