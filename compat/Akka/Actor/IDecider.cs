namespace Akka.Actor;

/// <summary>Maps failures to directives.</summary>
public interface IDecider
{
    Directive Decide(Exception cause);
}
