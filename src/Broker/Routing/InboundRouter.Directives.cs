using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Runs in which headers ask the broker for more than routing: such messages are handled one by one, the others between them together, in
/// order.
/// </summary>
internal sealed partial class InboundRouter
{
    // The messages of the run have one subject.
    private void ApplyDirectives(in Run run, Route route)
    {
        var (start, at, count) = (0, 0, 0u);
        var told = ErrorCode.None;
        while (at < run.Length)
        {
            var head = FrameCut.Head(run.Bytes[at..], limits);
            if (!Directives.MayBeIn(run.Bytes.Slice(at + head.HeadersStart, head.HeadersLength)))
            {
                at += head.Length;
                count++;
                continue;
            }

            if (count > 0) Ask(run.Part(start, at - start, count), route);
            if (ApplyDirectives(run.One(at, head.Length), head, route, ref told) is not { } next)
            {
                RefuseRun(run.Bytes[at..], run.Bytes.Slice(at + head.SubjectStart, head.SubjectLength), hasReplies: true);
                return;
            }

            route = next;
            at += head.Length;
            (start, count) = (at, 0);
        }

        if (count > 0) Ask(run.Part(start, at - start, count), route);
    }

    // Returns the route of the next message of this subject: another one than before when a newer snapshot was used, and null when newer
    // access rules deny this message and those after it.
    private Route? ApplyDirectives(in Run message, in FrameHead head, Route route, ref ErrorCode told)
    {
        var subject = message.Bytes.Slice(head.SubjectStart, head.SubjectLength);
        if (Directives.TryRead(message.Bytes.Slice(head.HeadersStart, head.HeadersLength), out var directives, out var problem))
            problem = kept.FindProblem(directives, subject);
        if (problem is not null)
        {
            RefuseDirective(ErrorCode.BadHeader, problem, subject, ReplyOf(message.Bytes, head), ref told);
            return route;
        }

        var traits = kept.TraitsOf(directives);
        if (directives.Delay > 0)
        {
            Delay(message.With(traits), directives, subject, ReplyOf(message.Bytes, head), ref told);
            return route;
        }

        if (directives.Retain) return Retain(message.With(traits), head, route, subject, ref told);
        Ask(message.With(traits), route);
        return route;
    }

    private void Delay(in Run message, in Directives directives, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ref ErrorCode told)
    {
        var room = kept.TryDelay(message, directives);
        if (room == KeptRoom.Taken) Count(1, 0);
        else RefuseDirective(ErrorCode.DelayedFull, kept.DescribeDelayedFull(room, message), subject, reply, ref told);
    }

    private Route? Retain(in Run message, in FrameHead head, Route route, ReadOnlySpan<byte> subject, ref ErrorCode told)
    {
        var reply = ReplyOf(message.Bytes, head);
        var shared = account.IsAsking(reply) ? Marks.Share(subject) : null;
        var outcome = kept.Retained.Publish(shared is null ? message : message.Asking(shared), _cache, Holding, _toFlush, out var deliveries);
        var isUnanswered = shared?.RemoveHolder() == true;
        if (outcome == RetainOutcome.Denied) return null;
        Count(1, deliveries);
        if (outcome is RetainOutcome.Full or RetainOutcome.UserFull)
            RefuseDirective(ErrorCode.RetainedFull, kept.DescribeRetainedFull(outcome, message), subject, reply: default, ref told);
        if (deliveries == 0) TellUnreached(message, route);
        else if (isUnanswered) Reply(Unreached.ResponderGone(subject, reply));
        return _cache.Find(subject);
    }

    // One answer per run and kind of error. But each unrouted message with a reply subject has its own asker, who must not wait for an
    // answer.
    private void RefuseDirective(ErrorCode code, string message, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ref ErrorCode told)
    {
        if (reply.IsEmpty && told == code) return;
        if (reply.IsEmpty) told = code;
        Reply(ErrorFrames.Encode(code, message, subject, reply));
    }

    private void Count(uint messages, ulong deliveries)
    {
        account.Routed(messages, deliveries);
        Volatile.Write(ref _work, _work + 1);
    }
}
