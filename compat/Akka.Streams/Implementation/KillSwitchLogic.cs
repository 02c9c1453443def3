using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Hands elements on until the signal of its kill switch.</summary>
internal sealed class KillSwitchLogic<T> : InAndOutGraphStageLogic
{
    private readonly FlowShape<T, T> _shape;
    private readonly KillSignal _signal;
    private readonly Action _end;

    public KillSwitchLogic(FlowShape<T, T> shape, KillSignal signal)
        : base(shape)
    {
        _shape = shape;
        _signal = signal;
        _end = GetAsyncCallback(End);
        SetHandlers(shape.Inlet, shape.Outlet, this);
    }

    public override void PreStart()
    {
        if (!_signal.TryWait(_end))
            End();
    }

    public override void OnPush() => Push(_shape.Outlet, Grab(_shape.Inlet));

    public override void OnPull() => Pull(_shape.Inlet);

    public override void PostStop() => _signal.StopWaiting(_end);

    private void End()
    {
        if (_signal.Failure is not null)
            FailStage(_signal.Failure);
        else
            CompleteStage();
    }
}
