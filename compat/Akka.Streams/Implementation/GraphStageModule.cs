using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>A leaf: one stage.</summary>
internal sealed class GraphStageModule : Module
{
    private readonly IGraphStageWithMaterializedValue<Shape, object> _stage;
    private readonly Shape _shape;

    public GraphStageModule(Attributes attributes, IGraphStageWithMaterializedValue<Shape, object> stage)
        : base(attributes)
    {
        _stage = stage;
        _shape = stage.Shape;
    }

    public override Shape Shape => _shape;

    public override int InletCount => _shape.InletCount;

    public override int OutletCount => _shape.OutletCount;

    public override string ToString() => $"GraphStage({_stage})";

    protected override object Build(MaterializerSession session, in Scope scope) => session.AddStage(_stage, _shape, scope);
}
