using Akka.Util;

namespace Akka.Actor;

/// <summary>The address of an actor. It stays valid, and equal to itself only, when the actor restarts; it outlives the actor.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, ISurrogated, IComparable
{
    ActorPath Path { get; }
}
