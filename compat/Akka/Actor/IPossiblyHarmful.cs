namespace Akka.Actor;

/// <summary>A message that ends or steers an actor; transports may refuse to accept one from outside.</summary>
public interface IPossiblyHarmful
{
}
