namespace Akka.Dispatch;

/// <summary>The threads of a dispatcher, for those who bring their own.</summary>
public abstract class ExecutorService
{
    protected ExecutorService(string id) => Id = id;

    /// <summary>The id of the dispatcher.</summary>
    public string Id { get; private set; }

    /// <summary>Runs it, now or later, on whatever thread.</summary>
    public abstract void Execute(IRunnable run);

    /// <summary>The dispatcher has no actors any more; if it gets some, it asks for another service.</summary>
    public abstract void Shutdown();
}
