namespace Akka.Actor;

/// <summary>The Props of an actor that has ended, so that it keeps nothing of the ones that it was made from.</summary>
internal sealed class TerminatedProps : Props
{
    public static TerminatedProps Instance { get; } = new();

    public override ActorBase NewActor() => throw new InvalidOperationException("This actor has been terminated");
}
