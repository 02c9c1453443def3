using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Stage;

/// <summary><see cref="InHandler"/> and <see cref="OutHandler"/> in one object.</summary>
public abstract class InAndOutHandler : IInHandler, IOutHandler
{
    public abstract void OnPush();

    public virtual void OnUpstreamFinish() => GraphInterpreter.Current.ActiveStage.CompleteStage();

    public virtual void OnUpstreamFailure(Exception e) => GraphInterpreter.Current.ActiveStage.FailStage(e);

    public abstract void OnPull();

    public virtual void OnDownstreamFinish(Exception cause) =>
        GraphInterpreter.Current.ActiveStage.InternalOnDownstreamFinish(cause);
}
