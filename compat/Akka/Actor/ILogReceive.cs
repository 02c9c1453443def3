namespace Akka.Actor;

/// <summary>Marks actors whose messages are logged at debug level when <c>akka.actor.debug.receive</c> is on.</summary>
public interface ILogReceive
{
}
