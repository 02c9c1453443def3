namespace Akka.Streams;

/// <summary>The sending end of a wire, see <see cref="InPort"/>.</summary>
public abstract class OutPort
{
    internal int Id = -1;
}
