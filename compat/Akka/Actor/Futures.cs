namespace Akka.Actor;

/// <summary>Sends a message and awaits the answer. A <see cref="Status.Failure"/> as the answer makes the task fail.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>The factory makes the message from the reference that will take the answer.</summary>
    /// <exception cref="ArgumentException">The target is no reference of an actor system, and no actor asks.</exception>
    public static Task<T> Ask<T>(
        this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var provider = ProviderOf(self) ?? throw new ArgumentException("Unable to resolve the target Provider", nameof(self));
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var future = provider.CreateFutureRef(result);
        var answer = Await(future, result, timeout ?? provider.Settings.AskTimeout, cancellationToken);
        future.DeliverAsk(messageFactory(future), self);
        return answer;
    }

    private static async Task<T> Await<T>(FutureActorRef<T> future, TaskCompletionSource<T> result, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = limit > TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan
            ? new Timer(
                static state => ((TaskCompletionSource<T>)state).TrySetException(new AskTimeoutException("Timeout: no answer in time")),
                result,
                limit,
                Timeout.InfiniteTimeSpan)
            : null;
        using var cancellation = cancellationToken.Register(static state => ((TaskCompletionSource<T>)state).TrySetCanceled(), result);
        try
        {
            return await result.Task.ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            throw new AskTimeoutException($"Timeout after {limit.TotalSeconds:F2} seconds");
        }
        finally
        {
            future.Unregister();
        }
    }

    private static IActorRefProvider ProviderOf(ICanTell target) => target switch
    {
        ActorSelection selection => ProviderOf(selection.Anchor),
        IInternalActorRef actor => actor.Provider,
        _ => ActorCell.Current?.SystemImpl.Provider,
    };
}
