using Akka.Actor;

namespace Akka.Util;

/// <summary>The serializable form of an <see cref="ISurrogated"/> object.</summary>
public interface ISurrogate
{
    ISurrogated FromSurrogate(ActorSystem system);
}
