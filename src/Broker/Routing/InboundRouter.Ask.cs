using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Requests to the broker itself, below <c>_BROKER.</c>. They are handled like control frames: one batch is answered before anything after
/// it is read, which limits what one connection can ask at a time. Because control frames are copied, each request is limited to the size
/// of one.
/// </summary>
internal sealed partial class InboundRouter
{
    private static bool IsAskingBroker(ReadOnlySpan<byte> bytes, in FrameHead head) =>
        ReservedSubjects.IsBroker(bytes.Slice(head.SubjectStart, head.SubjectLength));

    private void Ask(ReadOnlySpan<byte> frame, in FrameHead head)
    {
        var reply = ReplyOf(frame, head);
        var most = limits.MaxControlFrameBytes;
        if (frame.Length > most)
            RefuseRequest(ErrorCode.PayloadTooBig, $"a request to the broker has at most {most} bytes as a whole; this one has {frame.Length}", frame, head);
        else if (!IsOwnInbox(reply))
            RefuseRequest(ErrorCode.NotAllowed, "a request to the broker needs a reply subject in the inbox of the connection that asks", frame, head);
        else
        {
            (_control ??= new ControlFrames()).Add(FrameKind.Publish, frame);
            account.Routed(1, 1);
        }
    }

    // The broker answers only to the asker's own inbox, so that it cannot be made to publish what its clients may not.
    private bool IsOwnInbox(ReadOnlySpan<byte> reply) =>
        ReservedSubjects.TryReadInbox(reply, out var owner) && owner == account.Id && Subject.Validate(reply, limits) == SubjectFault.None;

    private void RefuseRequest(ErrorCode code, string message, ReadOnlySpan<byte> frame, in FrameHead head) =>
        Reply(ErrorFrames.Encode(code, message, frame.Slice(head.SubjectStart, head.SubjectLength), ReplyOf(frame, head)));
}
