using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Stage;

/// <summary>Ignores demand, ends with the downstream if the predicate says so at that moment.</summary>
public class ConditionalTerminateOutput : OutHandler
{
    private readonly Func<bool> _predicate;

    public ConditionalTerminateOutput(Func<bool> predicate) => _predicate = predicate;

    public override void OnPull()
    {
    }

    public override void OnDownstreamFinish(Exception cause)
    {
        if (_predicate())
            GraphInterpreter.Current.ActiveStage.CancelStage(cause);
    }
}
