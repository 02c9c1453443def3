using System.Threading.Tasks.Sources;

namespace UdsBroker.Client;

// How the one reader waits: on a reusable promise, so that waiting allocates nothing. The thread that clears the flag under the lock
// schedules this queue as a work item that completes the promise. A reader is resumed on the thread pool, because it takes everything that
// is there and would keep the reading thread from receiving more; a service, which sends answers, is resumed on the reading thread
// (Continuations).
internal sealed partial class RunQueue : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<bool> _wait;
    private bool _hasMore;
    private Exception? _waitError;
    private CancellationTokenRegistration _registration;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isWaiting;

    /// <summary>Completes when the reader has read everything and found the end.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Reports that there is no reader any more that could find the end.</summary>
    public void Finish() => _finished.TrySetResult();

    /// <summary>True when something waits, false at the end; throws the fault at the end, if there is one.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellationToken);
        lock (_gate)
        {
            if (_end > _first) return new ValueTask<bool>(true);
            if (_isComplete) _finished.TrySetResult();
            if (_isComplete) return _fault is null ? new ValueTask<bool>(false) : ValueTask.FromException<bool>(_fault);
            if (_isWaiting) throw new InvalidOperationException("Another reader waits on this subscription already; a subscription has one reader at a time.");
            _wait.Reset();
            _isWaiting = true;
        }

        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static (state, token) => ((RunQueue)state!).Cancel(token), this);
        return new ValueTask<bool>(this, _wait.Version);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _registration.Dispose();
        _registration = default;
        return _wait.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private bool TryWake()
    {
        if (!_isWaiting) return false;
        _isWaiting = false;
        return true;
    }

    private void CompleteWait(bool hasMore)
    {
        if (!hasMore) _finished.TrySetResult();
        CompleteWait(hasMore, hasMore ? null : _fault);
    }

    private void CompleteWait(bool hasMore, Exception? error)
    {
        (_hasMore, _waitError) = (hasMore, error);
        if (isOfService) Continuations.Add(this);
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_waitError is { } error) _wait.SetException(error);
        else _wait.SetResult(_hasMore);
    }

    private void Cancel(CancellationToken token)
    {
        lock (_gate)
        {
            if (!TryWake()) return;
        }

        CompleteWait(hasMore: false, new OperationCanceledException(token));
    }
}
