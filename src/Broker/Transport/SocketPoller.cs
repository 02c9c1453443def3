using System.Diagnostics;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// The threads that poll for events of all connections and datagram sockets, one per core and at least two. Each takes one event at a time
/// and runs its callback at once; meanwhile the others take further events, so no socket waits for another one's work. One of them spins
/// for a moment before it sleeps, if <see cref="SpinJudge"/> decides that this pays.
/// </summary>
/// <remarks>Callbacks must not block. The process has one poller, from its first wait to its end.</remarks>
internal sealed class SocketPoller
{
    private static readonly Lazy<SocketPoller> Process = new(() => new SocketPoller(Math.Max(2, Environment.ProcessorCount)));

    // A poll is one system call, so it takes a millisecond only if other threads had the core. Pauses longer than a quarter of a second
    // gain nothing: a slow poll then costs less than a hundredth of one core.
    private static readonly long TooLong = Stopwatch.Frequency / 1000;
    private static readonly long LongestPause = Stopwatch.Frequency / 4;

    private readonly SpinJudge _judge;
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private SocketWait?[] _waits = new SocketWait?[64];
    private int _count;
    private int _generation;
    private bool _isSpinning;

    private SocketPoller(int threads)
    {
        Set = EpollCalls.Create();
        var limit = Environment.ProcessorCount > 1 ? SpinLimit.TotalSeconds * Stopwatch.Frequency : 0;
        _judge = new SpinJudge((long)limit, TooLong, TooLong, LongestPause);
        for (var i = 1; i <= threads; i++) new Thread(Run) { IsBackground = true, Name = $"sockets {i}" }.Start();
    }

    internal static SocketPoller Shared => Process.Value;

    /// <summary>
    /// The longest time to spin before sleeping; set before the first wait. Zero never spins, and neither does a machine with one core.
    /// </summary>
    internal static TimeSpan SpinLimit { get; set; }

    /// <summary>The descriptor of the set.</summary>
    internal int Set { get; }

    /// <summary>
    /// Registers a wait and returns the token of its events, which was never used before, so that late events cannot reach another wait.
    /// </summary>
    internal long Add(SocketWait wait)
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var place))
            {
                place = _count++;
                if (place == _waits.Length) Array.Resize(ref _waits, place * 2);
            }

            Volatile.Write(ref _waits[place], wait);
            return ((long)++_generation << 32) | (uint)place;
        }
    }

    internal void Remove(long token)
    {
        lock (_gate)
        {
            Volatile.Write(ref _waits[(int)(uint)token], null);
            _free.Push((int)(uint)token);
        }
    }

    private void Run()
    {
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            if (!_judge.Begin(began) || !TrySpin(began, out var token, out var events)) token = EpollCalls.Wait(Set, out events);
            _judge.End(Stopwatch.GetTimestamp());
            var wait = Volatile.Read(ref Volatile.Read(ref _waits)[(int)(uint)token]);
            if (wait?.Token == token) wait.Signal(events);
        }
    }

    // One spinning thread is enough. The others sleep, and the kernel wakes them for events that come while this one is busy.
    private bool TrySpin(long began, out long token, out uint events)
    {
        (token, events) = (0, 0);
        if (Interlocked.Exchange(ref _isSpinning, true)) return false;
        bool isFound;
        long polled, now = began;
        do
        {
            polled = now;
            isFound = EpollCalls.TryTake(Set, out token, out events);
            if (!isFound) Thread.Yield();
            now = Stopwatch.GetTimestamp();
        }
        while (!isFound && _judge.MaySpinOn(began, polled, now));
        Volatile.Write(ref _isSpinning, false);
        return isFound;
    }
}
