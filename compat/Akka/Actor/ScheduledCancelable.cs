namespace Akka.Actor;

/// <summary>
/// The runtime's own cancelable for one scheduled piece of work: a flag and the work, without a token until somebody asks for one.
/// Cancelling takes the work out of the scheduler at once.
/// </summary>
internal sealed class ScheduledCancelable : ICancelable
{
    private TimerEntry _entry;
    private CancellationTokenSource _source;
    private bool _cancelled;

    public bool IsCancellationRequested => Volatile.Read(ref _cancelled);

    public CancellationToken Token
    {
        get
        {
            lock (this)
            {
                _source ??= new CancellationTokenSource();
                if (_cancelled) _source.Cancel();
                return _source.Token;
            }
        }
    }

    public void Attach(TimerEntry entry) => Volatile.Write(ref _entry, entry);

    public void Cancel() => Cancel(false);

    public void Cancel(bool throwOnFirstException)
    {
        CancellationTokenSource source;
        lock (this)
        {
            if (_cancelled) return;
            Volatile.Write(ref _cancelled, true);
            source = _source;
        }

        Volatile.Read(ref _entry)?.Remove();
        source?.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay) => _ = Task.Delay(delay).ContinueWith(_ => Cancel(), TaskScheduler.Default);

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));
}
