using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Akka.Hosting.Logging;

/// <summary>
/// An actor that passes log events on to an <see cref="ILoggerFactory"/>, as one category, <c>Akka.Actor.ActorSystem</c>. The event itself
/// is the state of the log entry; its text has the time, the thread and the source in front.
/// </summary>
public class LoggerFactoryLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    /// <summary>Logs about the logger itself.</summary>
    protected readonly ILoggingAdapter InternalLogger = Akka.Event.Logging.GetLogger(Context.System.EventStream, nameof(LoggerFactoryLogger));

    private readonly ILogger<ActorSystem> _logger;

    /// <exception cref="ConfigurationException">The actor system was made without a <see cref="LoggerFactorySetup"/>.</exception>
    public LoggerFactoryLogger()
    {
        var setup = Context.System.Settings.Setup.Get<LoggerFactorySetup>();
        if (!setup.HasValue)
            throw new ConfigurationException($"{nameof(LoggerFactoryLogger)} needs a {nameof(LoggerFactorySetup)} among the setups of the actor system");
        _logger = setup.Value.LoggerFactory.CreateLogger<ActorSystem>();
    }

    /// <inheritdoc/>
    protected override void PostStop() => InternalLogger.Info($"{nameof(LoggerFactoryLogger)} stopped");

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                InternalLogger.Info($"{nameof(LoggerFactoryLogger)} started");
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent logEvent:
                Log(logEvent, Sender.Path);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Passes one event on.</summary>
    /// <param name="log">The event.</param>
    /// <param name="path">The path of its sender.</param>
    protected virtual void Log(LogEvent log, ActorPath path)
        => _logger.Log(HostLevel(log.LogLevel()), default, log, log.Cause, static (entry, _) => entry.ToString());

    private static LogLevel HostLevel(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
