using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace UdsBroker.Broker.Diagnostics;

/// <summary>
/// Forwards warnings and errors of the actor runtime to the broker's log. It replaces the runtime's own loggers, which write to standard
/// output.
/// </summary>
internal sealed class RuntimeLogActor : ReceiveActor
{
    private readonly ILogger _logger;

    public RuntimeLogActor(ILogger logger)
    {
        _logger = logger;
        Receive<Error>(error => _logger.RuntimeError(error.LogSource, error.Message?.ToString() ?? "", error.Cause));
        Receive<Warning>(warning => _logger.RuntimeWarning(warning.LogSource, warning.Message?.ToString() ?? "", warning.Cause));
    }

    /// <summary>An actor that writes to <paramref name="logger"/>.</summary>
    internal static Props Props(ILogger logger) => Akka.Actor.Props.Create(() => new RuntimeLogActor(logger));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Error));
        Context.System.EventStream.Subscribe(Self, typeof(Warning));
    }
}
