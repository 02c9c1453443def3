using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>
/// Hands elements on until the signal of a kill switch. The continuation on the signal of a shared switch is taken back when the stage ends,
/// since such a switch may outlive any number of streams.
/// </summary>
internal sealed class KillSwitchLogic<T> : InAndOutGraphStageLogic
{
    private readonly FlowShape<T, T> _shape;
    private readonly Task _signal;
    private CancellationTokenSource _ended;

    public KillSwitchLogic(FlowShape<T, T> shape, Task signal)
        : base(shape)
    {
        _shape = shape;
        _signal = signal;
        SetHandlers(shape.Inlet, shape.Outlet, this);
    }

    public override void PreStart()
    {
        if (_signal.IsCompleted)
        {
            End();
            return;
        }

        var end = GetAsyncCallback(End);
        _ended = new CancellationTokenSource();
        _signal.ContinueWith(_ => end(), _ended.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public override void OnPush() => Push(_shape.Outlet, Grab(_shape.Inlet));

    public override void OnPull() => Pull(_shape.Inlet);

    public override void PostStop()
    {
        _ended?.Cancel();
        _ended?.Dispose();
    }

    private void End()
    {
        if (_signal.IsFaulted)
            FailStage(_signal.Exception);
        else
            CompleteStage();
    }
}
