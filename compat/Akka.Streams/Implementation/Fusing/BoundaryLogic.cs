using Akka.Actor;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>One end of a wire between two islands. It is part of the interpreter of its island, and is never started or stopped.</summary>
internal abstract class BoundaryLogic : GraphStageLogic
{
    protected BoundaryLogic(int inCount, int outCount)
        : base(inCount, outCount)
    {
    }

    /// <summary>The actor of the island that this end belongs to; the other end sends to it.</summary>
    public IActorRef Owner { get; set; }

    /// <summary>Called when the stages of the island have been started.</summary>
    public abstract void Started();

    /// <summary>Called when the island is stopped from outside: the inputs first, and the outputs after the stages have reacted.</summary>
    public abstract void Abort(Exception reason);
}
