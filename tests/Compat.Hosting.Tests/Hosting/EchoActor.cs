using Akka.Actor;

namespace UdsBroker.Compat.Hosting.Tests.Hosting;

/// <summary>Answers every message with itself.</summary>
internal sealed class EchoActor : UntypedActor
{
    internal static readonly Props Props = Props.Create(() => new EchoActor());

    protected override void OnReceive(object message) => Sender.Tell(message);
}
