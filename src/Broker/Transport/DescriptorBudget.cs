using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// How many connections this process can hold without coming near its descriptor limit. At the limit not only accept(2) fails: the runtime
/// itself can abort, because it opens files to start a thread. So the limit must never be reached.
/// </summary>
/// <remarks>
/// <para>Counts slots, not descriptors: every connection takes one before it is served and gives it back after it is closed. A listener has
/// to take the slot before it accepts the next connection, or those on their way would not be counted. Thread-safe.</para>
/// <para>The runtime keeps two descriptors open for every assembly it has loaded, 60 more between the start of the process and the first
/// connection. So the measurement is made when the first slot is asked for.</para>
/// </remarks>
public sealed class DescriptorBudget
{
    /// <summary>Descriptors kept free for the runtime: threads that start, assemblies that load, the odd file.</summary>
    public const int Reserve = 64;

    /// <summary>The smallest descriptor limit the broker starts with; the runtime alone takes about 120.</summary>
    public const int MinLimit = 256;

    private readonly Lazy<int> _capacity;
    private int _used;

    /// <summary>Creates a budget of known size.</summary>
    /// <param name="capacity">Connections at the same time.</param>
    public DescriptorBudget(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _capacity = new Lazy<int>(capacity);
    }

    private DescriptorBudget(Func<int> measure) => _capacity = new Lazy<int>(measure);

    /// <summary>The most connections at the same time.</summary>
    public int Capacity => _capacity.Value;

    /// <summary>Connections that hold a slot now.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>
    /// The budget of this process: its descriptor limit less what is open when the first connection arrives less <see cref="Reserve"/>,
    /// and not more than <paramref name="maxConnections"/>.
    /// </summary>
    /// <param name="maxConnections">The operator's own bound; 0 for none.</param>
    /// <exception cref="InvalidOperationException">The limit is below <see cref="MinLimit"/>; the message says what to do.</exception>
    public static DescriptorBudget OfThisProcess(int maxConnections)
    {
        var limit = ProcessCalls.DescriptorLimit();
        CheckLimit(limit);
        return new DescriptorBudget(() => Size(limit, CountOpen(limit), maxConnections));
    }

    /// <summary>Takes a slot. False when none is left, so that the connection has to be refused.</summary>
    public bool TryAcquire()
    {
        var used = Volatile.Read(ref _used);
        while (used < Capacity)
        {
            var seen = Interlocked.CompareExchange(ref _used, used + 1, used);
            if (seen == used)
                return true;
            used = seen;
        }

        return false;
    }

    /// <summary>Gives a slot back.</summary>
    /// <exception cref="InvalidOperationException">More slots were given back than taken.</exception>
    public void Release()
    {
        if (Interlocked.Decrement(ref _used) < 0)
            throw new InvalidOperationException("A connection gave its slot back twice.");
    }

    /// <summary>Refuses a limit that the runtime could reach by itself.</summary>
    internal static void CheckLimit(int limit)
    {
        if (limit < MinLimit)
        {
            throw new InvalidOperationException(
                $"this process may open {limit} descriptors and the broker needs at least {MinLimit}; "
                + "raise the limit with 'ulimit -n' or LimitNOFILE=");
        }
    }

    /// <summary>The capacity that follows from a limit.</summary>
    internal static int Size(int limit, int open, int maxConnections)
    {
        var free = Math.Max(0, limit - open - Reserve);
        return maxConnections > 0 ? Math.Min(free, maxConnections) : free;
    }

    private static int CountOpen(int limit)
    {
        try
        {
            return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        }
        catch (IOException)
        {
            return Math.Min(limit, 128); // no /proc: about twice what the runtime holds after its start
        }
    }
}
