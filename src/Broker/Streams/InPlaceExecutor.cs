using Akka.Configuration;
using Akka.Dispatch;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Where connections, their streams, listeners and the router run. Who brings the news of a socket offers its thread, and the stream that it wakes then
/// runs on it, at once: from the kernel's news to the send to a subscriber there is no other thread that would have to be woken, which costs more
/// than all the rest of a small message. Whatever else is woken goes to the thread pool, since those who bring the news are not to be held up; there, what
/// one wakes runs behind it in the same <see cref="Turn"/>.
/// </summary>
/// <remarks>Named by its type in <c>udsbroker.dispatcher</c>; the runtime makes it.</remarks>
/// <param name="config">The dispatcher's section.</param>
/// <param name="prerequisites">Parts of the system.</param>
public sealed class InPlaceExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <summary>The dispatcher that has this executor.</summary>
    internal const string Dispatcher = "udsbroker.dispatcher";

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
            else if (!Turn.TryJoin(run)) Turn.Begin(run);
        }

        public override void Shutdown()
        {
        }
    }
}
