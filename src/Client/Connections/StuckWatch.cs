namespace UdsBroker.Client;

/// <summary>
/// Looks twenty times a second whether code of users holds up the reading thread of a connection, for all connections of the process, on a thread of
/// its own: what it is there for is code that blocks, perhaps the whole thread pool. It sleeps while no such code runs, so that an idle program costs nothing.
/// </summary>
internal sealed class StuckWatch
{
    public static readonly StuckWatch Shared = new();

    /// <summary>Between two looks. Code is stuck when two looks see it, so others wait for 50 to 100 ms at most.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks without anything to see before it sleeps: a second. To be woken costs a request a few microseconds.</summary>
    private const int QuietLooks = 20;

    private readonly Lock _gate = new();
    private readonly List<Continuations> _watched = [];
    private readonly object _never = new();
    private readonly object _bed = new();
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

    /// <summary>Code begins to run; call it after that can be seen.</summary>
    public void Awake()
    {
        if (!_isAsleep) return;
        _isAsleep = false;
        lock (_bed) Monitor.Pulse(_bed);
    }

    private void Run()
    {
        int quiet = 0;
        while (true)
        {
            lock (_never) Monitor.Wait(_never, Interval);
            quiet = Look() ? 0 : quiet + 1;
            if (quiet < QuietLooks) continue;
            Sleep();
            quiet = 0;
        }
    }

    private void Sleep()
    {
        _isAsleep = true;
        Interlocked.MemoryBarrier();
        if (Look()) _isAsleep = false;
        lock (_bed)
        {
            while (_isAsleep) Monitor.Wait(_bed);
        }
    }

    private bool Look()
    {
        bool hasRun = false;
        lock (_gate)
        {
            foreach (Continuations watched in _watched) hasRun |= watched.Look();
        }

        return hasRun;
    }
}
