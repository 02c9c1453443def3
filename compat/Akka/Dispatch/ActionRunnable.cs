namespace Akka.Dispatch;

/// <summary>A delegate as work.</summary>
public sealed class ActionRunnable : IRunnable
{
    private readonly Action _action;

    public ActionRunnable(Action action) => _action = action;

    public void Run() => _action();
}
