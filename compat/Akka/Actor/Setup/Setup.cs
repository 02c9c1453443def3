namespace Akka.Actor.Setup;

/// <summary>A part of how a system is set up, in code.</summary>
public abstract class Setup
{
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Empty.WithSetup(this).WithSetup(other);
}
