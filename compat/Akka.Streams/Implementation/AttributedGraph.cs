namespace Akka.Streams.Implementation;

/// <summary>A graph that is only a module with its shape: what is left of a stage or a blueprint once attributes were put on it.</summary>
internal sealed class AttributedGraph<TShape, TMaterialized> : IGraph<TShape, TMaterialized>
    where TShape : Shape
{
    public AttributedGraph(TShape shape, IModule module)
    {
        Shape = shape;
        Module = module;
    }

    public TShape Shape { get; }

    public IModule Module { get; }

    public IGraph<TShape, TMaterialized> WithAttributes(Attributes attributes) =>
        new AttributedGraph<TShape, TMaterialized>(Shape, Module.WithAttributes(attributes));

    public IGraph<TShape, TMaterialized> AddAttributes(Attributes attributes) => WithAttributes(Module.Attributes.And(attributes));

    public IGraph<TShape, TMaterialized> Named(string name) => AddAttributes(Attributes.CreateName(name));

    public IGraph<TShape, TMaterialized> Async() => AddAttributes(new Attributes(Attributes.AsyncBoundary.Instance));
}
