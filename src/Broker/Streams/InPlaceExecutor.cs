using Akka.Configuration;
using Akka.Dispatch;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Where connections and their streams run. Who brings the news of a socket offers its thread for a turn: what the news wakes runs on it at once, and what
/// that wakes in turn. From the kernel's news to the send to a subscriber, or to the welcome of a client, there is no other thread that
/// would have to be woken, which costs more than all the rest of a small message. A turn is bounded: what goes beyond it, and whatever is woken by
/// other threads, goes to the thread pool.
/// </summary>
/// <remarks>Named by its type in <c>udsbroker.dispatcher</c>; the runtime makes it.</remarks>
/// <param name="config">The dispatcher's section.</param>
/// <param name="prerequisites">Parts of the system.</param>
public sealed class InPlaceExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <summary>The dispatcher that has this executor.</summary>
    internal const string Dispatcher = "udsbroker.dispatcher";

    [ThreadStatic]
    private static Turn? _turn;

    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new Service(id);

    /// <summary>Calls back and runs what that wakes on the calling thread, before it returns. Within a turn of this thread it becomes a part of that.</summary>
    internal static void Offer(Action callback) => (_turn ??= new Turn()).Take(callback);

    private sealed class Service(string id) : ExecutorService(id)
    {
        public override void Execute(IRunnable run)
        {
            if (_turn is { } turn && turn.TryAdd(run)) return;
            if (run is IThreadPoolWorkItem item) ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
            else ThreadPool.UnsafeQueueUserWorkItem(static work => work.Run(), run, preferLocal: false);
        }

        public override void Shutdown()
        {
        }
    }

    private sealed class Turn
    {
        /// <summary>The whole beginning of a connection takes nine.</summary>
        private const int MostRuns = 16;

        private readonly Queue<IRunnable> _runs = new(MostRuns);
        private int _left;
        private bool _isOn;

        internal void Take(Action callback)
        {
            if (_isOn)
            {
                callback();
                return;
            }

            (_isOn, _left) = (true, MostRuns);
            try
            {
                callback();
                while (_runs.TryDequeue(out var run)) run.Run();
            }
            finally
            {
                (_isOn, _left) = (false, 0);
            }
        }

        internal bool TryAdd(IRunnable run)
        {
            if (_left == 0) return false;
            _left--;
            _runs.Enqueue(run);
            return true;
        }
    }
}
