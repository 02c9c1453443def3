using System.Threading.Tasks.Sources;

namespace UdsBroker.Client;

// How the one reader waits: a reusable promise, so that waiting allocates nothing. Whoever clears the flag under the lock fulfils it. Continuations
// go to the thread pool: a reader's code never runs on the socket loop, where it could stall its siblings.
internal sealed partial class RunQueue : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _wait = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isWaiting;

    /// <summary>Completes when the reader has read everything and found the end.</summary>
    public Task Finished => _finished.Task;

    /// <summary>There is no reader any more who could find the end.</summary>
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

    private void Fulfil(bool hasMore)
    {
        if (!hasMore) _finished.TrySetResult();
        if (hasMore || _fault is null) _wait.SetResult(hasMore);
        else _wait.SetException(_fault);
    }

    private void Cancel(CancellationToken token)
    {
        lock (_gate)
        {
            if (!TryWake()) return;
        }

        _wait.SetException(new OperationCanceledException(token));
    }
}
