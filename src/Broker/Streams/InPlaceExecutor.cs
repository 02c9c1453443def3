using Akka.Configuration;
using Akka.Dispatch;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Where the streams of connections run. Who brings the news of a socket offers its thread, and the stream that it wakes then runs on it,
/// at once: from the kernel's news to the send to a subscriber there is no other thread that would have to be woken, which costs more than all
/// the rest of a small message. Whatever else the stream wakes, and what is left when its turn is over, goes to the thread pool.
/// </summary>
/// <remarks>Named by its type in <c>udsbroker.dispatcher</c>; the runtime makes it.</remarks>
/// <param name="config">The dispatcher's section.</param>
/// <param name="prerequisites">Parts of the system.</param>
public sealed class InPlaceExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    [ThreadStatic]
    private static bool _isOffered;

    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new Service(id);

    /// <summary>Calls back into a stage and offers the calling thread, which must not be one that a stream runs on, to the stream behind it.</summary>
    internal static void Offer(Action callback)
    {
        _isOffered = true;
        try
        {
            callback();
        }
        finally
        {
            _isOffered = false;
        }
    }

    private sealed class Service(string id) : ExecutorService(id)
    {
        public override void Execute(IRunnable run)
        {
            if (_isOffered)
            {
                _isOffered = false;
                run.Run();
            }
            else if (run is IThreadPoolWorkItem item) ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
            else ThreadPool.UnsafeQueueUserWorkItem(static work => work.Run(), run, preferLocal: false);
        }

        public override void Shutdown()
        {
        }
    }
}
