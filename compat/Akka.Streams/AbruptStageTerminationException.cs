using Akka.Streams.Stage;

namespace Akka.Streams;

/// <summary>A stage was stopped before it had ended; what it has promised outside fails with it.</summary>
public sealed class AbruptStageTerminationException : Exception
{
    public AbruptStageTerminationException(GraphStageLogic logic)
        : base($"GraphStage {logic} terminated abruptly, caused by for example materializer or actor system termination.")
    {
    }
}
