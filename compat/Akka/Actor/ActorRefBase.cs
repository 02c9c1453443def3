using Akka.Util;

namespace Akka.Actor;

/// <summary>Identity, order and text of a reference. Two references are equal when path and uid are.</summary>
public abstract class ActorRefBase : IActorRef
{
    public abstract ActorPath Path { get; }

    public void Tell(object message, IActorRef sender) => TellInternal(message, sender);

    public int CompareTo(IActorRef other)
    {
        var byPath = Path.CompareTo(other?.Path);
        return byPath != 0 || other is null ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    public int CompareTo(object obj) => obj is null or IActorRef
        ? CompareTo((IActorRef)obj)
        : throw new ArgumentException($"A reference cannot be compared with a {obj.GetType()}.", nameof(obj));

    public bool Equals(IActorRef other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    public override bool Equals(object obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Path.Uid, Path);

    public override string ToString() =>
        Path.Uid == ActorCell.UndefinedUid ? $"[{Path}]" : $"[{Path}#{Path.Uid}]";

    public virtual ISurrogate ToSurrogate(ActorSystem system) =>
        throw new NotSupportedException("References do not leave the process.");

    protected abstract void TellInternal(object message, IActorRef sender);
}
