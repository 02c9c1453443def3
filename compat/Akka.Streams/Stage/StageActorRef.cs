using Akka.Actor;

namespace Akka.Streams.Stage;

/// <summary>Holds the type of the function that receives the messages of a <see cref="StageActor"/>.</summary>
public static class StageActorRef
{
    /// <summary>Called inside the stage with the sender and the message.</summary>
    public delegate void Receive((IActorRef, object) args);
}
