namespace Akka.Actor;

/// <summary>The death-watch state of an actor that watches or is watched.</summary>
internal sealed class DeathWatch
{
    /// <summary>The actors watched, each with the message that replaces <see cref="Terminated"/> or null.</summary>
    public Dictionary<IActorRef, object> Watching { get; } = [];

    /// <summary>Actors whose <see cref="Terminated"/> lies in the mailbox, with the same message.</summary>
    public Dictionary<IActorRef, object> Reported { get; } = [];

    public HashSet<IInternalActorRef> WatchedBy { get; } = [];
}
