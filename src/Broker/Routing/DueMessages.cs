using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Routes delayed messages that are due, on behalf of their publishers, whether these are still connected or not. They were counted as
/// published when they were accepted; their deliveries are in a later receipt. If such a message is a request, its asker is told of a
/// failure, if still connected, as for a request made now. Not thread-safe.
/// </summary>
internal sealed class DueMessages(KeptMessages kept, RunPublisher publisher, RoutingTable table, Limits limits)
{
    private readonly RequestMarks _marks = new(table.Seed);

    /// <summary>Routes what is due, at most <paramref name="max"/> messages.</summary>
    internal void Route(int max)
    {
        for (var i = 0; i < max && kept.Delayed.TryTakeDue(kept.Clock.Milliseconds, out var message); i++)
        {
            try
            {
                Route(message);
            }
            finally
            {
                message.Release();
            }
        }
    }

    // A message that expired while it was delayed counts as one delivery that was made and dropped, although no subscriber gets a MISSED
    // for it.
    private void Route(DelayedMessage message)
    {
        var run = message.Run;
        if (run.Traits.IsExpiredAt(kept.Clock.Milliseconds))
        {
            run.Account.RoutedLater(1);
            run.Account.Dropped(1, DropReason.Expired);
            return;
        }

        var head = FrameCut.Head(run.Bytes, limits);
        var subject = run.Bytes.Slice(head.SubjectStart, head.SubjectLength);
        var reply = head.ReplyLength > 0 ? run.Bytes.Slice(head.ReplyStart, head.ReplyLength) : default;
        var retained = message.IsRetained ? kept.Retained : null;
        if (run.Account.Access.Rules.Publish(subject) is { IsAllowed: false } decision) TellDenied(run.Account, subject, reply, decision);
        else if (run.Account.IsAsking(reply)) Ask(run, subject, reply, retained);
        else if (Publish(run, retained) == 0) TellUnreached(run.Account, subject, reply);
    }

    // A recipient may have ended before the next one was given the request.
    private void Ask(in Run run, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, RetainedStore? retained)
    {
        var shared = _marks.Share(subject);
        var deliveries = Publish(run.Asking(shared), retained);
        var isUnanswered = shared.RemoveHolder();
        if (deliveries == 0) TellUnreached(run.Account, subject, reply);
        else if (isUnanswered) Tell(run.Account, Unreached.ResponderGone(subject, reply));
    }

    // Counted before it is sent, because a recipient may trigger the next receipt at once.
    private ulong Publish(in Run run, RetainedStore? retained)
    {
        try
        {
            var deliveries = publisher.Route(run, retained);
            run.Account.RoutedLater(deliveries);
            return deliveries;
        }
        finally
        {
            publisher.Flush();
        }
    }

    // The access rules have changed while the message waited.
    private void TellDenied(PublisherAccount sender, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, in AccessDecision decision) =>
        Tell(sender, ErrorFrames.Encode(ErrorCode.NotAllowed, sender.Access.Deny(AccessVerbs.Publish, subject, decision), subject, reply));

    private void TellUnreached(PublisherAccount asker, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply)
    {
        if (ReservedSubjects.IsInbox(subject)) Tell(asker, Unreached.Gone(subject, reply));
        else if (!reply.IsEmpty) Tell(asker, Unreached.NoResponders(subject, reply));
    }

    private void Tell(PublisherAccount asker, ReadOnlySpan<byte> error) => table.Current.FindInbox(asker.Id)?.Recipients[0].Outbox.Send(error);
}
