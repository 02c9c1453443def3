namespace Akka.Actor;

/// <summary>Gives an actor a stash; the runtime sets it after the constructor ran.</summary>
public interface IActorStash
{
    IStash Stash { get; set; }
}
