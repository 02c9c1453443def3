using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Stage;

/// <summary>An output handler that ends the stage when the downstream cancels: completed, or failed if the cause is a failure.</summary>
public abstract class OutHandler : IOutHandler
{
    public abstract void OnPull();

    public virtual void OnDownstreamFinish(Exception cause) =>
        GraphInterpreter.Current.ActiveStage.InternalOnDownstreamFinish(cause);
}
