namespace Akka.Actor;

/// <summary>The actors behind the two special Props.</summary>
public partial class Props
{
    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class UnavailableActor : ActorBase
    {
        protected override bool Receive(object message) => throw new NotSupportedException("No actor was described.");
    }
}
