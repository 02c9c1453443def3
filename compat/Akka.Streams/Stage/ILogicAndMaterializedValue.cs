namespace Akka.Streams.Stage;

/// <summary>What a stage makes for one run: the logic, and the value that the caller of Run may get.</summary>
public interface ILogicAndMaterializedValue<out TMaterialized>
{
    GraphStageLogic Logic { get; }

    TMaterialized MaterializedValue { get; }
}
