using Akka.Actor;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>The sending end of an asynchronous wire: it pulls while the other end has asked for elements.</summary>
internal sealed class OutputBoundary : BoundaryLogic, IInHandler
{
    private static readonly Inlet<object> In = new("DownstreamBoundary") { Id = 0 };

    private long _demand;
    private bool _ended;

    public OutputBoundary()
        : base(inCount: 1, outCount: 0) => SetHandler(In, this);

    public InputBoundary Downstream { get; set; }

    public void OnPush()
    {
        _demand--;
        Tell(new BoundarySignal.Next(Downstream, Grab(In)));
        if (_demand > 0)
            Pull(In);
    }

    public void OnUpstreamFinish()
    {
        if (!End())
            return;
        Tell(new BoundarySignal.Complete(Downstream));
    }

    public void OnUpstreamFailure(Exception e)
    {
        if (!End())
            return;
        Tell(new BoundarySignal.Error(Downstream, e));
    }

    public void OnRequest(int elements)
    {
        _demand += elements;
        if (!_ended && !HasBeenPulled(In) && !IsClosed(In))
            Pull(In);
    }

    public void OnCancel(Exception cause)
    {
        if (End())
            Cancel(In, cause);
    }

    public override void Started()
    {
    }

    public override void Abort(Exception reason) => OnUpstreamFailure(reason);

    private bool End()
    {
        var isFirst = !_ended;
        _ended = true;
        return isFirst;
    }

    private void Tell(BoundarySignal signal) => Downstream.Owner?.Tell(signal, ActorRefs.NoSender);
}
