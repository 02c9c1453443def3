using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Stage;

/// <summary>Ignores elements, completes with the upstream if the predicate says so at that moment.</summary>
public class ConditionalTerminateInput : InHandler
{
    private readonly Func<bool> _predicate;

    public ConditionalTerminateInput(Func<bool> predicate) => _predicate = predicate;

    public override void OnPush()
    {
    }

    public override void OnUpstreamFinish()
    {
        if (_predicate())
            GraphInterpreter.Current.ActiveStage.CompleteStage();
    }
}
