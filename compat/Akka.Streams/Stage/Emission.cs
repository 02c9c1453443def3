namespace Akka.Streams.Stage;

/// <summary>
/// The output handler that is in place while a stage still has elements to emit: it answers each pull with the next of them and gives way to
/// the handler before it when it has none left. A completion of the port waits until then; a cancellation goes to the handler before it.
/// </summary>
internal abstract class Emission : OutHandler
{
    public readonly IOutHandler Previous;
    private protected bool CompletesWhenDone;

    private protected Emission(IOutHandler previous) => Previous = previous;

    public void CompleteWhenDone() => CompletesWhenDone = true;

    public override void OnDownstreamFinish(Exception cause) => Previous.OnDownstreamFinish(cause);
}
