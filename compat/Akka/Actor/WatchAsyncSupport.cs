using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Awaits the end of an actor.</summary>
public static class WatchAsyncSupport
{
    /// <summary>True when the actor has stopped, false when the token was cancelled before.</summary>
    public static async Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        if (target is not IInternalActorRef internalTarget)
            throw new InvalidOperationException($"{target} is not an {typeof(IInternalActorRef)} and cannot be death-watched");
        var watcher = new WatchingRef(internalTarget);
        internalTarget.SendSystemMessage(new Watch(internalTarget, watcher));
        try
        {
            await watcher.Stopped.WaitAsync(token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            internalTarget.SendSystemMessage(new Unwatch(internalTarget, watcher));
        }
    }
}
