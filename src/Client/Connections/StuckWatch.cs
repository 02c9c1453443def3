namespace UdsBroker.Client;

/// <summary>
/// Checks twenty times a second whether user code holds up the reading thread of a connection, for all connections of the process. It has a
/// thread of its own, because that code may block the whole thread pool. It sleeps while no such code runs, so that an idle program costs
/// nothing.
/// </summary>
internal sealed class StuckWatch
{
    public static readonly StuckWatch Shared = new();

    /// <summary>The time between two checks. Code is stuck when two checks see it, so others wait for 50 to 100 ms at most.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Checks without running code before it sleeps: a second. Waking it costs a request a few microseconds.</summary>
    private const int QuietChecks = 20;

    private readonly Lock _gate = new();
    private readonly List<Continuations> _watched = [];
    private readonly object _pause = new();
    private readonly object _wakeUp = new();
    private volatile bool _isAsleep;
    private bool _isStarted;

    public void Add(Continuations watched)
    {
        lock (_gate)
        {
            _watched.Add(watched);
            if (_isStarted) return;
            _isStarted = true;
            new Thread(Run) { IsBackground = true, Name = "UdsBroker watch" }.UnsafeStart();
        }
    }

    public void Remove(Continuations watched)
    {
        lock (_gate) _watched.Remove(watched);
    }

    /// <summary>Wakes the watch when code begins to run; call it after that has become visible.</summary>
    public void Wake()
    {
        if (!_isAsleep) return;
        _isAsleep = false;
        lock (_wakeUp) Monitor.Pulse(_wakeUp);
    }

    private void Run()
    {
        int quiet = 0;
        while (true)
        {
            lock (_pause) Monitor.Wait(_pause, Interval);
            quiet = CheckProgress() ? 0 : quiet + 1;
            if (quiet < QuietChecks) continue;
            Sleep();
            quiet = 0;
        }
    }

    private void Sleep()
    {
        _isAsleep = true;
        Interlocked.MemoryBarrier();
        if (CheckProgress()) _isAsleep = false;
        lock (_wakeUp)
        {
            while (_isAsleep) Monitor.Wait(_wakeUp);
        }
    }

    private bool CheckProgress()
    {
        bool hasRun = false;
        lock (_gate)
        {
            foreach (Continuations watched in _watched) hasRun |= watched.CheckProgress();
        }

        return hasRun;
    }
}
