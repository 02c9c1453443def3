using Akka.Streams.Implementation;

namespace Akka.Streams.Stage;

/// <summary>
/// The base of stages that yield a value. All state of a run belongs into the logic: one stage object may be running many times at once.
/// A materialized value has to be a reference type, as in the real package, where the module sees every stage through a covariant interface.
/// </summary>
public abstract class GraphStageWithMaterializedValue<TShape, TMaterialized> : IGraphStageWithMaterializedValue<TShape, TMaterialized>
    where TShape : Shape
{
    protected virtual Attributes InitialAttributes => Attributes.None;

    public abstract TShape Shape { get; }

    /// <summary>Not kept: a stage that is used once, as most are in a broker, would hold it as long as the stream runs.</summary>
    public IModule Module => new GraphStageModule(InitialAttributes, (IGraphStageWithMaterializedValue<Shape, object>)this);

    public IGraph<TShape, TMaterialized> WithAttributes(Attributes attributes) =>
        new AttributedGraph<TShape, TMaterialized>(Shape, Module.WithAttributes(attributes));

    public abstract ILogicAndMaterializedValue<TMaterialized> CreateLogicAndMaterializedValue(Attributes inheritedAttributes);

    public IGraph<TShape, TMaterialized> AddAttributes(Attributes attributes) => WithAttributes(Module.Attributes.And(attributes));

    public IGraph<TShape, TMaterialized> Named(string name) => AddAttributes(Attributes.CreateName(name));

    public IGraph<TShape, TMaterialized> Async() => AddAttributes(new Attributes(Attributes.AsyncBoundary.Instance));
}
