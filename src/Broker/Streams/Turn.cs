using Akka.Dispatch;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// The work of a pool thread for the broker until it is free again: one run, and then those that it woke, up to a bound, so that a run
/// which wakes thousands does not keep them from other threads. Accepting a connection and welcoming its client takes nine runs, each of
/// which is shorter than waking another thread for it.
/// </summary>
internal sealed class Turn
{
    private const int MaxRuns = 16;

    [ThreadStatic]
    private static Turn? _ofThread;

    private readonly Queue<IRunnable> _joined = new(MaxRuns);
    private int _left;

    /// <summary>Begins a turn on a pool thread.</summary>
    internal static void Begin(IRunnable first) =>
        ThreadPool.UnsafeQueueUserWorkItem(static run => (_ofThread ??= new Turn()).Take(run), first, preferLocal: false);

    /// <summary>Adds a run to the turn of the calling thread; false when it is in none, or the turn is full.</summary>
    internal static bool TryJoin(IRunnable run)
    {
        if (_ofThread is not { _left: > 0 } turn) return false;
        turn._left--;
        turn._joined.Enqueue(run);
        return true;
    }

    private void Take(IRunnable first)
    {
        _left = MaxRuns;
        try
        {
            first.Run();
            while (_joined.TryDequeue(out var run)) run.Run();
        }
        finally
        {
            _left = 0;
        }
    }
}
