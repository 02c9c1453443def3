namespace Akka.Actor;

/// <summary>The actor behind the empty Props.</summary>
public partial class Props
{
    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
