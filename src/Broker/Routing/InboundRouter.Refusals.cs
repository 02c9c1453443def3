using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Runs that are not routed, because their subject is invalid, is the broker's own, or is denied to the publisher by the access rules.
/// </summary>
internal sealed partial class InboundRouter
{
    // One answer per run, so that a publisher that repeats its error a thousand times in a buffer is told once. But each message with a
    // reply subject has its own asker, who must not wait for an answer that will not come.
    private void RefuseRun(ReadOnlySpan<byte> run, ReadOnlySpan<byte> subject, bool hasReplies)
    {
        var (code, message) = Refusal(subject);
        if (!hasReplies)
        {
            Reply(ErrorFrames.Encode(code, message, "subject", subject));
            return;
        }

        for (var isTold = false; run.Length > 0;)
        {
            var head = FrameCut.Head(run, limits);
            var reply = ReplyOf(run, head);
            run = run[head.Length..];
            if (reply.IsEmpty && isTold) continue;
            Reply(ErrorFrames.Encode(code, message, subject, reply));
            isTold |= reply.IsEmpty;
        }
    }

    private (ErrorCode Code, string Message) Refusal(ReadOnlySpan<byte> subject)
    {
        var fault = Subject.Validate(subject, limits);
        if (fault != SubjectFault.None) return (ErrorCode.BadSubject, fault.Describe(subject, limits));
        if (ReservedSubjects.IsSystem(subject)) return (ErrorCode.ReservedSubject, "subjects below $SYS. are published by the broker alone");
        return (ErrorCode.NotAllowed, account.Access.Deny(AccessVerbs.Publish, subject, account.Access.Rules.Publish(subject)));
    }
}
