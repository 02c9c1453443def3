using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting.Logging;

/// <summary>Gives the actor system the logger factory that <see cref="LoggerFactoryLogger"/> passes log events on to.</summary>
public class LoggerFactorySetup : Setup
{
    public LoggerFactorySetup(ILoggerFactory loggerFactory)
    {
        LoggerFactory = loggerFactory;
    }

    /// <summary>The logger factory.</summary>
    public ILoggerFactory LoggerFactory { get; }
}
