using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>An actor that is one function, and one that reports its life to a probe.</summary>
internal sealed class Acting(Action<IActorContext, object> receive) : UntypedActor
{
    public static Props Props(Action<IActorContext, object> receive) => Akka.Actor.Props.Create(() => new Acting(receive));

    protected override void OnReceive(object message) => receive(Context, message);
}
