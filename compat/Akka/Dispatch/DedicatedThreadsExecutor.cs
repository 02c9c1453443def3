namespace Akka.Dispatch;

/// <summary>Threads of its own, started on first use and ended when the dispatcher has no actors for a while.</summary>
internal sealed class DedicatedThreadsExecutor : Executor
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(1);

    private readonly Queue<IRunnable> _work = new();
    private readonly string _name;
    private readonly int _count;
    private int _running;
    private bool _idle;

    public DedicatedThreadsExecutor(string name, int count)
    {
        _name = name;
        _count = count;
    }

    public override void Execute(IRunnable run)
    {
        lock (_work)
        {
            _idle = false;
            _work.Enqueue(run);
            if (_running < _count)
            {
                _running++;
                new Thread(Loop) { IsBackground = true, Name = $"{_name}-{_running}" }.Start();
            }
            else
            {
                Monitor.Pulse(_work);
            }
        }
    }

    public override void Idle()
    {
        lock (_work)
        {
            _idle = true;
            Monitor.PulseAll(_work);
        }
    }

    private void Loop()
    {
        while (TryTake(out var run)) run.Run();
    }

    private bool TryTake(out IRunnable run)
    {
        lock (_work)
        {
            while (!_work.TryDequeue(out run))
            {
                var pulsed = !_idle ? Monitor.Wait(_work) : Monitor.Wait(_work, KeepAlive);
                if (pulsed || !_idle || _work.Count > 0) continue;
                _running--;
                return false;
            }

            return true;
        }
    }
}
