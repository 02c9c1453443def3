namespace Akka.Actor.Internal;

/// <summary>What runs when all actors have stopped: the callback registered last runs first.</summary>
internal sealed class TerminationCallbacks
{
    private readonly Stack<Action> _callbacks = [];
    private bool _running;

    public TerminationCallbacks(Task rootStopped) =>
        Completed = rootStopped.ContinueWith(_ => Run(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    public Task Completed { get; }

    public void Add(Action code)
    {
        lock (_callbacks)
        {
            if (_running) throw new InvalidOperationException("ActorSystem already terminated.");
            _callbacks.Push(code);
        }
    }

    private void Run()
    {
        lock (_callbacks) _running = true;
        List<Exception> failures = null;
        while (_callbacks.TryPop(out var callback))
        {
            try
            {
                callback();
            }
            catch (Exception e)
            {
                (failures ??= []).Add(e);
            }
        }

        if (failures is not null) throw new AggregateException(failures);
    }
}
