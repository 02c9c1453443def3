using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// The threads that wait for the kernel's news of all connections, one for each core. Each takes one piece of news at a time and does at once
/// what was waiting for it; while it is at work the others take what comes, so no socket waits behind another one's work.
/// </summary>
/// <remarks>
/// What is called must not block. One for the process, from the first wait to its end: threads that only wait cost nothing.
/// </remarks>
internal sealed class SocketPoller
{
    private static readonly Lazy<SocketPoller> Process = new(() => new SocketPoller(Math.Max(2, Environment.ProcessorCount)));

    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private SocketWait?[] _waits = new SocketWait?[64];
    private int _count;
    private int _generation;

    private SocketPoller(int threads)
    {
        Set = EpollCalls.Create();
        for (var i = 1; i <= threads; i++) new Thread(Run) { IsBackground = true, Name = $"sockets {i}" }.Start();
    }

    internal static SocketPoller Shared => Process.Value;

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
            var token = EpollCalls.Wait(Set, out var events);
            var wait = Volatile.Read(ref Volatile.Read(ref _waits)[(int)(uint)token]);
            if (wait?.Token == token) wait.Signal(events);
        }
    }
}
