namespace Akka.Actor;

/// <summary>A cancellation source that can be given to a scheduler.</summary>
public class Cancelable : ICancelable, IDisposable
{
    private readonly CancellationTokenSource _source;

    public Cancelable(IScheduler scheduler)
        : this(new CancellationTokenSource())
    {
    }

    public Cancelable(IActionScheduler scheduler)
        : this(new CancellationTokenSource())
    {
    }

    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(new CancellationTokenSource()) => CancelAfter(delay);

    public Cancelable(IActionScheduler scheduler, TimeSpan delay)
        : this(new CancellationTokenSource()) => CancelAfter(delay);

    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    private Cancelable(CancellationTokenSource source) => _source = source;

    public bool IsCancellationRequested => _source.IsCancellationRequested;

    public CancellationToken Token => _source.Token;

    public bool IsDisposed { get; private set; }

    public static ICancelable CreateCanceled()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return new Cancelable(source);
    }

    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler, [.. cancelables.Select(cancelable => cancelable.Token)]);

    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params CancellationToken[] cancellationTokens) =>
        new Cancelable(CancellationTokenSource.CreateLinkedTokenSource(cancellationTokens));

    public void Cancel() => Cancel(false);

    public void Cancel(bool throwOnFirstException)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _source.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        _source.CancelAfter(delay);
    }

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || IsDisposed) return;
        IsDisposed = true;
        _source.Dispose();
    }
}
