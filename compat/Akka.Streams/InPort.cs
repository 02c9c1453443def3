namespace Akka.Streams;

/// <summary>
/// The receiving end of a wire. <see cref="Id"/> is the place of the port in the shape of its stage; it is assigned when the stage is
/// first materialized and never changes after that, which is why a port object must not be shared between stages.
/// </summary>
public abstract class InPort
{
    internal int Id = -1;
}
