using System.Buffers;
using System.Buffers.Text;

namespace UdsBroker.Client;

/// <summary>
/// The requests of a client that wait for answers, by the number that ends their reply subject: <c>_INBOX.&lt;id&gt;.&lt;number&gt;</c>, 16 hexadecimal digits.
/// The table is an array with the lowest bits of the number as its index, at most a quarter full and under one short lock; a number whose
/// place is taken is not used. Only the thread that removes a request ends it.
/// </summary>
/// <remarks>
/// Everybody who ever received a message of this client knows its identity, and everybody may publish below it. So it is the number that
/// proves that the answering peer was given the request: 64 random bits, used for one request only. A late answer finds no request and
/// cannot be mistaken for the answer to another.
/// </remarks>
internal sealed class PendingRequests
{
    /// <summary>The digits of a number; the broker remembers an ending of 16 bytes without a copy.</summary>
    public const int NumberLength = 2 * sizeof(ulong);

    private const int FirstCapacity = 64;

    /// <summary>The most requests kept for reuse, 256 bytes each; no program was seen with more in flight at once.</summary>
    private const int MaxFree = 4096;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    private readonly Lock _gate = new();
    private readonly RandomNumbers _numbers = new();
    private Entry[] _entries = new Entry[FirstCapacity];
    private int _count;
    private SingleRequest? _free;
    private int _freeCount;

    /// <summary>
    /// Whether at most one request is under way: its caller waits for it, so nothing is gained by collecting more before sending.
    /// </summary>
    public bool IsAlone => Volatile.Read(ref _count) <= 1;

    /// <summary>A request for one answer, from the pool if one is free.</summary>
    public SingleRequest Rent(Subscription inbox)
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

    /// <summary>Returns a request for one answer to the pool, after it was awaited.</summary>
    public void Return(SingleRequest request)
    {
        lock (_gate)
        {
            if (_freeCount == MaxFree) return;
            (request.NextFree, _free) = (_free, request);
            _freeCount++;
        }
    }

    /// <summary>Adds a request and returns its number.</summary>
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

    /// <summary>Removes a request. False when another thread has removed it, which then ends it.</summary>
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

    /// <summary>
    /// The request that a message to the inbox answers, removed if the answer ends it; null when there is none, or it has ended.
    /// </summary>
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

    /// <summary>
    /// Whether this has the form of a request's number, whether or not that is under way; other messages to the inbox are direct messages.
    /// </summary>
    public static bool IsNumber(ReadOnlySpan<byte> rest) => rest.Length == NumberLength && !rest.ContainsAnyExcept(Digits);

    /// <summary>Writes a number as it stands in the reply subject.</summary>
    public static void Write(ulong number, Span<byte> rest) => Utf8Formatter.TryFormat(number, rest, out _, new StandardFormat('x', NumberLength));

    /// <summary>Ends the requests that have timed out.</summary>
    /// <param name="now">The time stamp of now.</param>
    /// <returns>The nearest of the other deadlines; <see cref="long.MaxValue"/> when there is none.</returns>
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

    /// <summary>Numbers with different indices by few bits still have different indices by one bit more.</summary>
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
