namespace Akka.Dispatch;

/// <summary>The usual dispatcher: a mailbox runs wherever its executor has a free thread.</summary>
public class Dispatcher : MessageDispatcher
{
    private readonly Executor _executor;

    internal Dispatcher(string id, int throughput, TimeSpan throughputDeadline, Executor executor)
        : base(id, throughput, throughputDeadline) => _executor = executor;

    protected override void ExecuteTask(IRunnable run) => _executor.Execute(run);

    protected override void Shutdown() => _executor.Idle();
}
