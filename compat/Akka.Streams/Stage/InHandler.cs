using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Stage;

/// <summary>An input handler that completes or fails the stage together with the upstream.</summary>
public abstract class InHandler : IInHandler
{
    public abstract void OnPush();

    public virtual void OnUpstreamFinish() => GraphInterpreter.Current.ActiveStage.CompleteStage();

    public virtual void OnUpstreamFailure(Exception e) => GraphInterpreter.Current.ActiveStage.FailStage(e);
}
