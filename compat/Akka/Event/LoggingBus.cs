using Akka.Actor;

namespace Akka.Event;

/// <summary>The bus of log events and of everything else, classified by type, and the home of the loggers.</summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    private static readonly LogLevel[] AllLevels = Enum.GetValues<LogLevel>();

    private readonly List<IActorRef> _loggers = [];
    private volatile int _logLevel = (int)LogLevel.DebugLevel;

    public LogLevel LogLevel => (LogLevel)_logLevel;

    public void SetLogLevel(LogLevel logLevel)
    {
        _logLevel = (int)logLevel;
        lock (_loggers)
        {
            foreach (var logger in _loggers)
            {
                SubscribeLogLevelAndAbove(logLevel, logger);
                foreach (var level in AllLevels)
                    if (level < logLevel) Unsubscribe(logger, level.ClassFor());
            }
        }
    }

    public void StartStdoutLogger(Settings config)
    {
        SubscribeLogLevelAndAbove(Logging.LogLevelFor(config.StdoutLogLevel), config.StdoutLogger);
        Publish(new Debug(SimpleName(this), GetType(), "StandardOutLogger started"));
    }

    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    protected override void Publish(object @event, IActorRef subscriber) => subscriber.Tell(@event, ActorCell.GetCurrentSelfOrNoSender());

    protected override bool Classify(object @event, Type classifier) => classifier.IsInstanceOfType(@event);

    protected override Type GetClassifier(object @event) => @event.GetType();

    /// <summary>Starts the configured loggers, waits for them up to the configured time, and then takes the stdout logger away.</summary>
    internal void StartDefaultLoggers(ExtendedActorSystem system)
    {
        var settings = system.Settings;
        _logLevel = (int)Logging.LogLevelFor(settings.LogLevel);
        var source = $"{SimpleName(this)}({system.Name})";
        var starting = new List<(Task Started, string Name)>();
        var number = 0;
        foreach (var typeName in settings.Loggers)
        {
            var type = Type.GetType(typeName)
                ?? throw new Configuration.ConfigurationException($@"Logger specified in config cannot be found: ""{typeName}""");
            var name = $"log{++number}-{SimpleName(type)}";
            starting.Add((StartLogger(system, type, name), $"{name} [{type.FullName}]"));
        }

        if (!settings.LoggerAsyncStart && !Task.WhenAll(starting.Select(logger => logger.Started)).Wait(settings.LoggerStartTimeout))
        {
            foreach (var (started, name) in starting)
            {
                if (started.IsCompleted) continue;
                var text = $"Logger {name} did not respond within {settings.LoggerStartTimeout} to InitializeLogger(bus).";
                Publish(new Warning(source, GetType(), text));
            }
        }

        if (settings.DebugUnhandledMessage)
            Subscribe(system.SystemActorOf(Props.Create<UnhandledMessageForwarder>(), "UnhandledMessageForwarder"), typeof(UnhandledMessage));
        Publish(new Debug(source, GetType(), $"{Logging.SimpleName(settings.StdoutLogger)} being removed"));
        Unsubscribe(settings.StdoutLogger);
        Publish(new Debug(source, GetType(), "Default Loggers started"));
    }

    /// <summary>Hands the log back to stdout for the rest of the shutdown.</summary>
    internal void StopDefaultLoggers(ActorSystem system)
    {
        StartStdoutLogger(system.Settings);
        IActorRef[] loggers;
        lock (_loggers)
        {
            loggers = [.. _loggers];
            _loggers.Clear();
        }

        foreach (var logger in loggers)
        {
            Unsubscribe(logger);
            ((IInternalActorRef)logger).Stop();
        }

        Publish(new Debug(SimpleName(this), GetType(), "All default loggers stopped"));
    }

    private async Task StartLogger(ExtendedActorSystem system, Type type, string name)
    {
        var logger = system.SystemActorOf(Props.Create(type).WithDispatcher(system.Settings.LoggersDispatcher), name);
        var answer = await logger.Ask(new InitializeLogger(this), Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        if (answer is not LoggerInitialized)
        {
            var text = $"Logger {name} did not respond with {nameof(LoggerInitialized)}, sent instead {answer.GetType()}. Stopping logger.";
            Publish(new Error(null, SimpleName(this), GetType(), text));
            ((IInternalActorRef)logger).Stop();
            return;
        }

        lock (_loggers) _loggers.Add(logger);
        SubscribeLogLevelAndAbove(LogLevel, logger);
        Publish(new Debug(SimpleName(this), GetType(), $"Logger {name} started"));
    }

    private void SubscribeLogLevelAndAbove(LogLevel logLevel, IActorRef logger)
    {
        foreach (var level in AllLevels)
            if (level >= logLevel) Subscribe(logger, level.ClassFor());
    }
}
