namespace Akka.Dispatch;

/// <summary>
/// The process's thread pool. Work goes to the shared queue, not to the current thread's own, so that busy actors do not starve
/// others.
/// </summary>
internal sealed class ThreadPoolExecutor : Executor
{
    public static readonly ThreadPoolExecutor Instance = new();

    public override void Execute(IRunnable run)
    {
        if (run is IThreadPoolWorkItem item)
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.Run(), run, preferLocal: false);
    }
}
