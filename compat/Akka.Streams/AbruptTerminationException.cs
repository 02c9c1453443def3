using Akka.Actor;

namespace Akka.Streams;

/// <summary>The actor that ran a part of a stream was stopped; the parts in other actors fail with it.</summary>
public class AbruptTerminationException : Exception
{
    public readonly IActorRef Actor;

    public AbruptTerminationException(IActorRef actor)
        : base($"Processor actor [{actor}] terminated abruptly") => Actor = actor;
}
