using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// The reference that stands for the asker: the first answer completes the task. It registers with the provider only when its path
/// is asked for, which few answerers do.
/// </summary>
public class FutureActorRef<T> : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _result;
    private readonly IActorRefProvider _provider;
    private ActorPath _path;

    public FutureActorRef(TaskCompletionSource<T> result, ActorPath path, IActorRefProvider provider)
    {
        _result = result;
        _path = path;
        _provider = provider;
    }

    public override ActorPath Path => Volatile.Read(ref _path) ?? Register();

    public override IActorRefProvider Provider => _provider;

    public override IInternalActorRef Parent => _provider.TempContainer;

    public virtual void DeliverAsk(object message, ICanTell destination) => destination.Tell(message, this);

    /// <summary>Nothing is awaited any more.</summary>
    internal void Unregister()
    {
        lock (_result)
        {
            if (_path is not null) _provider.UnregisterTempActor(_path);
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        var handled = false;
        switch (message)
        {
            case ISystemMessage:
                handled = _result.TrySetException(new InvalidOperationException($"system message of type '{message.GetType().Name}' is invalid for {nameof(FutureActorRef<T>)}"));
                break;
            case T answer when answer is not Status.Failure || typeof(T) != typeof(object): // a failure is no answer to who takes anything
                handled = _result.TrySetResult(answer);
                break;
            case null:
                handled = _result.TrySetResult(default);
                break;
            case Status.Failure failure:
                handled = _result.TrySetException(failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message."));
                break;
            default:
                _result.TrySetException(new ArgumentException($"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]"));
                break;
        }

        if (!handled && !_result.Task.IsCanceled) _provider.DeadLetters.Tell(message ?? default(T), this);
    }

    private ActorPath Register()
    {
        lock (_result)
        {
            if (_path is not null) return _path;
            var path = _provider.TempPath();
            if (!_result.Task.IsCompleted) _provider.RegisterTempActor(this, path);
            _path = path;
            return path;
        }
    }
}
