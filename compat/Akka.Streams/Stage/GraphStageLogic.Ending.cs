namespace Akka.Streams.Stage;

/// <summary>
/// How ports and stages end. Elements that were pushed before are still delivered before a completion or failure; a cancellation throws away
/// what is on its way.
/// </summary>
public abstract partial class GraphStageLogic
{
    private bool _inDownstreamFinish;

    public void CompleteStage() => CloseAll(SubscriptionWithCancelException.StageWasCompleted.Instance, failure: null);

    public void FailStage(Exception reason) => CloseAll(reason, reason);

    /// <summary>Ends the stage because of a cancellation: completed if the cause is none of failure, else failed with it.</summary>
    public void CancelStage(Exception cause) =>
        CloseAll(cause, cause is SubscriptionWithCancelException.NonFailureCancellation ? null : cause);

    public void InternalOnDownstreamFinish(Exception cause)
    {
        if (cause is null)
            throw new ArgumentException("Cancellation cause must not be null", nameof(cause));
        if (_inDownstreamFinish)
            throw new ArgumentException("OnDownstreamFinish must not be called recursively", nameof(cause));
        _inDownstreamFinish = true;
        try
        {
            CancelStage(cause);
        }
        finally
        {
            _inDownstreamFinish = false;
        }
    }

    protected void Complete<T>(Outlet<T> outlet) => CompleteOutlet(outlet.Id);

    protected void Fail<T>(Outlet<T> outlet, Exception reason) => Interpreter.Fail(Connections[InCount + outlet.Id], reason);

    protected void Cancel<T>(Inlet<T> inlet, Exception cause) => Interpreter.Cancel(Connections[inlet.Id], cause);

    protected void Cancel<T>(Inlet<T> inlet) => Cancel(inlet, SubscriptionWithCancelException.NoMoreElementsNeeded.Instance);

    /// <summary>While enabled, the stage lives on when all its ports are closed, until it is completed, failed, or this is disabled.</summary>
    protected void SetKeepGoing(bool enabled) => Interpreter.SetKeepGoing(this, enabled);

    private void CompleteOutlet(int id)
    {
        if (GetOutHandler(id) is Emission emission)
            emission.CompleteWhenDone();
        else
            Interpreter.Complete(Connections[InCount + id]);
    }

    private void CloseAll(Exception cancelCause, Exception failure)
    {
        var interpreter = Interpreter;
        for (var i = 0; i < InCount; i++)
            interpreter.Cancel(Connections[i], cancelCause);
        for (var i = 0; i < OutCount; i++)
        {
            if (failure is not null)
                interpreter.Fail(Connections[InCount + i], failure);
            else
                CompleteOutlet(i);
        }

        interpreter.SetKeepGoing(this, false);
    }
}
