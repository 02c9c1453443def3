using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Routes delayed messages whose time has come, as from their publishers, whether those are still there or not. They were counted as published
/// when they were taken; what they match is in a later receipt. Not thread-safe.
/// </summary>
internal sealed class DueMessages(DirectedMessages directed, RunPublisher publisher)
{
    /// <summary>Routes what is due, at most so many messages.</summary>
    internal void Route(int most)
    {
        for (var i = 0; i < most && directed.Delayed.TryTakeDue(directed.Clock.Milliseconds, out var message); i++)
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

    // A message that expired while it waited counts as one delivery, made and dropped, though nobody is told that it is missing.
    private void Route(DelayedMessage message)
    {
        var run = message.Run;
        if (run.Traits.IsExpiredAt(directed.Clock.Milliseconds))
        {
            run.Account.RoutedLater(1);
            run.Account.Dropped(1, DropReason.Expired);
        }
        else
        {
            run.Account.RoutedLater(publisher.Publish(run, message.IsRetained ? directed.Retained : null));
        }
    }
}
