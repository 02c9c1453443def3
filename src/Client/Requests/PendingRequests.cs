using System.Buffers;
using System.Buffers.Text;

namespace UdsBroker.Client;

/// <summary>
/// The requests of a client that wait for answers, by the number that ends their reply subject: <c>_INBOX.&lt;id&gt;.&lt;number&gt;</c>, 16 hexadecimal digits.
/// The table is an array with the lowest bits of the number as its index, at most a quarter full and under one short lock; a number whose place is taken is
/// not used. Whoever takes a request out ends it, nobody else does.
/// </summary>
/// <remarks>
/// The identity is known to everybody who was ever sent a message, and everybody may publish below it. So the number is what proves that whoever answers was
/// given the request: 64 random bits, used for one request alone. A late answer finds nobody and can not be taken for another's.
/// </remarks>
internal sealed class PendingRequests
{
    /// <summary>The digits of a number; the broker remembers a rest of 16 bytes without a copy.</summary>
    public const int NumberLength = 2 * sizeof(ulong);

    private const int FirstCapacity = 64;

    /// <summary>Requests kept for reuse: 256 bytes each, and more than are in flight at once in any program that was seen.</summary>
    private const int MostFree = 4096;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    private readonly Lock _gate = new();
    private readonly RandomNumbers _numbers = new();
    private Entry[] _entries = new Entry[FirstCapacity];
    private int _count;
    private SingleRequest? _free;
    private int _freeCount;

    /// <summary>Whether one request at most is under way: then its caller waits for that, and nothing is gained by collecting more before sending.</summary>
    public bool IsAlone => Volatile.Read(ref _count) <= 1;

    /// <summary>A request for one answer, a used one if there is one.</summary>
    public SingleRequest NewSingle(Subscription inbox)
    {
        lock (_gate)
        {
            if (_free is { } free)
            {
                (_free, free.NextFree) = (free.NextFree, null);
                _freeCount--;
                return free;
            }
        }

        return new SingleRequest(this, inbox);
    }

    /// <summary>A request for one answer has been awaited.</summary>
    public void GiveBack(SingleRequest request)
    {
        lock (_gate)
        {
            if (_freeCount == MostFree) return;
            (request.NextFree, _free) = (_free, request);
            _freeCount++;
        }
    }

    /// <summary>Numbers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="deadline">The time stamp at which <see cref="Expire"/> ends it; <see cref="long.MaxValue"/> for never.</param>
    public ulong Add(IPendingRequest request, long deadline)
    {
        lock (_gate)
        {
            if (_count >= _entries.Length / 4) Grow();
            ulong number;
            do number = _numbers.Next();
            while (EntryOf(number).Request is not null);
            EntryOf(number) = new Entry(number, request, deadline);
            _count++;
            return number;
        }
    }

    /// <summary>Takes a request out. False when somebody else did: then that one ends it.</summary>
    public bool Remove(ulong number)
    {
        lock (_gate)
        {
            ref Entry entry = ref EntryOf(number);
            if (entry.Request is null || entry.Number != number) return false;
            Clear(ref entry);
            return true;
        }
    }

    /// <summary>The request that a message to the inbox is about, taken out if it ends it; null when it is about none, or nobody waits any more.</summary>
    /// <param name="rest">What follows the prefix of the inbox in the subject.</param>
    public IPendingRequest? Claim(ReadOnlySpan<byte> rest)
    {
        if (rest.Length != NumberLength || !Utf8Parser.TryParse(rest, out ulong number, out int used, 'x') || used != NumberLength) return null;
        lock (_gate)
        {
            ref Entry entry = ref EntryOf(number);
            if (entry.Request is not { } request || entry.Number != number) return null;
            if (request.IsOnce) Clear(ref entry);
            return request;
        }
    }

    /// <summary>Whether it looks like the number of a request, under way or not; other messages to the inbox are direct ones.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> rest) => rest.Length == NumberLength && !rest.ContainsAnyExcept(Digits);

    /// <summary>Writes a number as it stands in the reply subject.</summary>
    public static void Write(ulong number, Span<byte> rest) => Utf8Formatter.TryFormat(number, rest, out _, new StandardFormat('x', NumberLength));

    /// <summary>Ends the requests whose time is up.</summary>
    /// <param name="now">The time stamp of now.</param>
    /// <returns>The nearest deadline of the others; <see cref="long.MaxValue"/> when there is none.</returns>
    public long Expire(long now)
    {
        List<IPendingRequest> expired = [];
        long nearest = long.MaxValue;
        lock (_gate)
        {
            foreach (ref Entry entry in _entries.AsSpan())
            {
                if (entry.Request is not { } request) continue;
                if (entry.Deadline > now)
                {
                    nearest = Math.Min(nearest, entry.Deadline);
                    continue;
                }

                expired.Add(request);
                Clear(ref entry);
            }
        }

        foreach (IPendingRequest request in expired) request.OnExpired();
        return nearest;
    }

    /// <summary>Ends all requests: no answer can come any more.</summary>
    public void FailAll(Exception error)
    {
        List<IPendingRequest> lost = [];
        lock (_gate)
        {
            foreach (ref Entry entry in _entries.AsSpan())
            {
                if (entry.Request is not { } request) continue;
                lost.Add(request);
                Clear(ref entry);
            }
        }

        foreach (IPendingRequest request in lost) request.OnLost(error);
    }

    private ref Entry EntryOf(ulong number) => ref _entries[(int)(number & (uint)(_entries.Length - 1))];

    private void Clear(ref Entry entry)
    {
        entry = default;
        _count--;
    }

    /// <summary>Two numbers that had places of their own by few bits have them by one bit more.</summary>
    private void Grow()
    {
        Entry[] smaller = _entries;
        _entries = new Entry[smaller.Length * 2];
        foreach (Entry entry in smaller)
        {
            if (entry.Request is not null) EntryOf(entry.Number) = entry;
        }
    }

    private readonly record struct Entry(ulong Number, IPendingRequest? Request, long Deadline);
}
