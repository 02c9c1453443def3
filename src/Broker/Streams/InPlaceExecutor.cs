using Akka.Configuration;
using Akka.Dispatch;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// The executor of connections, their streams, listeners and the router. A polling thread offers itself when it reports a socket event, and
/// the stream that the event wakes then runs on it at once: between the kernel's event and the send to a subscriber no other thread has to
/// be woken, which would cost more than all the rest of a small message. Everything else that is woken goes to the thread pool, because
/// polling threads must not be held up; there, what one run wakes is run after it in the same <see cref="Turn"/>.
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

    /// <summary>
    /// Calls back into a stage and offers the calling thread to its stream. The calling thread must not be running a stream.
    /// </summary>
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
