using Akka.Actor;

namespace Akka.Util;

/// <summary>An object that travels in another form. Nothing leaves the process here, so the form is never asked for.</summary>
public interface ISurrogated
{
    ISurrogate ToSurrogate(ActorSystem system);
}
