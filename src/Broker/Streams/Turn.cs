using Akka.Dispatch;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// What a thread of the pool does for the broker until it is free again: a run, and then those that were woken meanwhile, up to a bound, so that one who
/// wakes thousands does not keep them from other threads. To accept a connection and welcome its client takes nine runs, each of them shorter than
/// to wake another thread for it.
/// </summary>
internal sealed class Turn
{
    private const int MostRuns = 16;

    [ThreadStatic]
    private static Turn? _ofThread;

    private readonly Queue<IRunnable> _joined = new(MostRuns);
    private int _left;

    /// <summary>Begins one on a thread of the pool.</summary>
    internal static void Begin(IRunnable first) =>
        ThreadPool.UnsafeQueueUserWorkItem(static run => (_ofThread ??= new Turn()).Take(run), first, preferLocal: false);

    /// <summary>Has the calling thread do it in the turn that it is at; false when it is at none, or enough have joined.</summary>
    internal static bool TryJoin(IRunnable run)
    {
        if (_ofThread is not { _left: > 0 } turn) return false;
        turn._left--;
        turn._joined.Enqueue(run);
        return true;
    }

    private void Take(IRunnable first)
    {
        _left = MostRuns;
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
