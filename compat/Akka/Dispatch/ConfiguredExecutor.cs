namespace Akka.Dispatch;

/// <summary>An executor service of somebody else, made at first use and made again after the dispatcher had no actors for a moment.</summary>
internal sealed class ConfiguredExecutor(string id, ExecutorServiceFactory factory) : Executor
{
    private readonly Lock _gate = new();
    private volatile ExecutorService _service;

    public override void Execute(IRunnable run) => (_service ?? Produce()).Execute(run);

    public override void Idle()
    {
        ExecutorService service;
        lock (_gate)
        {
            service = _service;
            _service = null;
        }

        service?.Shutdown();
    }

    private ExecutorService Produce()
    {
        lock (_gate) return _service ??= factory.Produce(id);
    }
}
