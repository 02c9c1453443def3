using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>The message by which something from outside runs inside a stage.</summary>
internal abstract class AsyncInput : IBoundaryEvent
{
    public readonly GraphStageLogic Logic;

    protected AsyncInput(GraphStageLogic logic) => Logic = logic;

    /// <summary>Called by the interpreter of <see cref="Logic"/>, unless the stage is over.</summary>
    public abstract void Run();
}
