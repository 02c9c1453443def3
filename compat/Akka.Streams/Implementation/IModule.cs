namespace Akka.Streams.Implementation;

/// <summary>
/// The inside of a graph. Programs see it only as the type of <see cref="IGraph{TShape}.Module"/>; every implementation is a
/// <see cref="Module"/>.
/// </summary>
public interface IModule
{
    Shape Shape { get; }

    Attributes Attributes { get; }

    IModule WithAttributes(Attributes attributes);
}
