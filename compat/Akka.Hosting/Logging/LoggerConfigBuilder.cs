using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Hosting;

/// <summary>The log level and the loggers of an actor system. At first there is one logger, which prints to the console.</summary>
public sealed class LoggerConfigBuilder
{
    private readonly List<Type> _loggers = [typeof(DefaultLogger)];

    internal LoggerConfigBuilder(AkkaConfigurationBuilder builder)
    {
        Builder = builder;
    }

    /// <summary>Events below this level are not published at all. Default: info.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.InfoLevel;

    internal AkkaConfigurationBuilder Builder { get; }

    /// <summary>Removes all loggers.</summary>
    public LoggerConfigBuilder ClearLoggers()
    {
        _loggers.Clear();
        return this;
    }

    /// <summary>Adds a logger, which is an actor.</summary>
    public LoggerConfigBuilder AddLogger<T>()
        where T : IRequiresMessageQueue<ILoggerMessageQueueSemantics>
    {
        _loggers.Add(typeof(T));
        return this;
    }

    internal Config ToConfig()
    {
        var level = LogLevel switch
        {
            LogLevel.DebugLevel => "DEBUG",
            LogLevel.InfoLevel => "INFO",
            LogLevel.WarningLevel => "WARNING",
            LogLevel.ErrorLevel => "ERROR",
            _ => throw new ConfigurationException($"{LogLevel} is not a log level"),
        };
        var loggers = string.Join(", ", _loggers.Select(logger => $"\"{logger.AssemblyQualifiedName}\""));
        return ConfigurationFactory.ParseString($"akka {{ loglevel = {level}, loggers = [{loggers}] }}");
    }
}
