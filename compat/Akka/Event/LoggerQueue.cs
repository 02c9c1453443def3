using Akka.Actor;
using Akka.Dispatch.MessageQueues;

namespace Akka.Event;

/// <summary>The queue of a logger; its rest is written to stdout.</summary>
internal sealed class LoggerQueue : UnboundedMessageQueue, IMessageQueue, ILoggerMessageQueueSemantics
{
    private readonly ActorSystem _system;

    public LoggerQueue(ActorSystem system) => _system = system;

    void IMessageQueue.CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        var stdout = _system.Settings.StdoutLogger;
        var least = Logging.LogLevelFor(_system.Settings.StdoutLogLevel);
        while (TryDequeue(out var envelope))
        {
            if (envelope.Message is LogEvent logEvent && logEvent.LogLevel() >= least)
                stdout.Tell(logEvent, ActorRefs.NoSender);
        }
    }
}
