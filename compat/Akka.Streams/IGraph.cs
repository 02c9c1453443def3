using Akka.Streams.Implementation;

namespace Akka.Streams;

/// <summary>A blueprint of a stream or of a part of one. It is immutable and can be used and run any number of times.</summary>
public interface IGraph<out TShape>
    where TShape : Shape
{
    TShape Shape { get; }

    IModule Module { get; }
}

/// <summary>A blueprint that yields a value when it is run.</summary>
public interface IGraph<out TShape, out TMaterialized> : IGraph<TShape>
    where TShape : Shape
{
    /// <summary>The same graph with exactly these attributes.</summary>
    IGraph<TShape, TMaterialized> WithAttributes(Attributes attributes);

    /// <summary>The same graph with these attributes after its own, so that they win.</summary>
    IGraph<TShape, TMaterialized> AddAttributes(Attributes attributes);

    IGraph<TShape, TMaterialized> Named(string name);

    /// <summary>The same graph, run by an actor of its own.</summary>
    IGraph<TShape, TMaterialized> Async();
}
