using System.Diagnostics;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// The threads that wait for the kernel's news of all connections and datagram sockets, one for each core and at least two. Each takes one piece
/// of news at a time and does at once what was waiting for it; while it is at work the others take what comes, so no socket waits behind
/// another one's work. One of them looks for news for a moment before it sleeps, if <see cref="SpinJudge"/> thinks it worth while.
/// </summary>
/// <remarks>What is called must not block. There is one poller for the process, from the first wait to its end.</remarks>
internal sealed class SocketPoller
{
    private static readonly Lazy<SocketPoller> Process = new(() => new SocketPoller(Math.Max(2, Environment.ProcessorCount)));

    // A look is a system call, so it takes a millisecond only if others had the core. Longer pauses than a quarter of a second gain nothing:
    // a look that took too long then costs less than a hundredth of one core.
    private static readonly long TooLong = Stopwatch.Frequency / 1000;
    private static readonly long LongestPause = Stopwatch.Frequency / 4;

    private readonly SpinJudge _judge;
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private SocketWait?[] _waits = new SocketWait?[64];
    private int _count;
    private int _generation;
    private bool _isLooking;

    private SocketPoller(int threads)
    {
        Set = EpollCalls.Create();
        var limit = Environment.ProcessorCount > 1 ? SpinLimit.TotalSeconds * Stopwatch.Frequency : 0;
        _judge = new SpinJudge((long)limit, TooLong, TooLong, LongestPause);
        for (var i = 1; i <= threads; i++) new Thread(Run) { IsBackground = true, Name = $"sockets {i}" }.Start();
    }

    internal static SocketPoller Shared => Process.Value;

    /// <summary>How long to look for news before sleeping, at most; set before the first wait. Zero, and never where there is only one core.</summary>
    internal static TimeSpan SpinLimit { get; set; }

    /// <summary>The descriptor of the set.</summary>
    internal int Set { get; }

    /// <summary>Gives a wait the token that its news come with: never used before, so that news which are on their way find nobody else.</summary>
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
            if (!_judge.Begin(began) || !TryLook(began, out var token, out var events)) token = EpollCalls.Wait(Set, out events);
            _judge.End(Stopwatch.GetTimestamp());
            var wait = Volatile.Read(ref Volatile.Read(ref _waits)[(int)(uint)token]);
            if (wait?.Token == token) wait.Signal(events);
        }
    }

    // One thread is enough for it. The others sleep, and the kernel wakes them for what comes while this one is at work.
    private bool TryLook(long began, out long token, out uint events)
    {
        (token, events) = (0, 0);
        if (Interlocked.Exchange(ref _isLooking, true)) return false;
        bool isFound;
        long looked, now = began;
        do
        {
            looked = now;
            isFound = EpollCalls.TryTake(Set, out token, out events);
            if (!isFound) Thread.Yield();
            now = Stopwatch.GetTimestamp();
        }
        while (!isFound && _judge.MayGoOn(began, looked, now));
        Volatile.Write(ref _isLooking, false);
        return isFound;
    }
}
