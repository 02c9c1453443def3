namespace Akka.Streams.Stage;

/// <summary>The blueprint of one stage: <see cref="CreateLogicAndMaterializedValue"/> is called once per run.</summary>
public interface IGraphStageWithMaterializedValue<out TShape, out TMaterialized> : IGraph<TShape, TMaterialized>
    where TShape : Shape
{
    ILogicAndMaterializedValue<TMaterialized> CreateLogicAndMaterializedValue(Attributes attributes);
}
