namespace Akka.Streams.Stage;

/// <summary>
/// The output handler that is in place while a stage still has elements to emit: it answers each pull with the next of them and gives way to
/// the handler before it when it has none left. A completion of the port waits until then; a cancellation goes to the handler before it.
/// Completing the port again while a completion waits can lose both, as in the real package: only a failure or a cancellation then ends it.
/// </summary>
internal abstract class Emission : OutHandler
{
    public readonly IOutHandler Previous;

    private protected Emission(IOutHandler previous) => Previous = previous;

    public abstract void CompleteWhenDone();

    public override void OnDownstreamFinish(Exception cause) => Previous.OnDownstreamFinish(cause);
}
