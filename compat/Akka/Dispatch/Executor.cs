namespace Akka.Dispatch;

/// <summary>The threads of a dispatcher.</summary>
internal abstract class Executor
{
    public abstract void Execute(IRunnable run);

    /// <summary>The dispatcher has no actors at the moment.</summary>
    public virtual void Idle()
    {
    }
}
