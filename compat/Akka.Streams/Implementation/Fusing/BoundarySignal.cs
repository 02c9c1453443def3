namespace Akka.Streams.Implementation.Fusing;

/// <summary>A message from one end of an asynchronous wire to the other one.</summary>
internal abstract class BoundarySignal : IBoundaryEvent
{
    /// <summary>Called by the actor of the receiving end.</summary>
    public abstract void Deliver();

    public sealed class Next(InputBoundary to, object element) : BoundarySignal
    {
        public override void Deliver() => to.OnNext(element);
    }

    public sealed class Complete(InputBoundary to) : BoundarySignal
    {
        public override void Deliver() => to.OnComplete();
    }

    public sealed class Error(InputBoundary to, Exception cause) : BoundarySignal
    {
        public override void Deliver() => to.OnError(cause);
    }

    public sealed class Request(OutputBoundary to, int elements) : BoundarySignal
    {
        public override void Deliver() => to.OnRequest(elements);
    }

    public sealed class Cancel(OutputBoundary to, Exception cause) : BoundarySignal
    {
        public override void Deliver() => to.OnCancel(cause);
    }
}
