using System.Buffers.Text;
using System.Collections.Concurrent;

namespace UdsBroker.Client;

/// <summary>
/// The requests of a client that wait for answers, by the number that ends their reply subject: <c>_INBOX.&lt;id&gt;.&lt;number&gt;</c>. Numbers are never
/// used twice, so a late answer can not be taken for another's.
/// </summary>
internal sealed class PendingRequests
{
    private readonly ConcurrentDictionary<ulong, IPendingRequest> _waiting = new();
    private ulong _lastNumber;
    private int _count;

    /// <summary>Whether one request at most is under way: then its caller waits for that, and nothing is gained by collecting more before sending.</summary>
    public bool IsAlone => Volatile.Read(ref _count) <= 1;

    public ulong Add(IPendingRequest request)
    {
        ulong number = Interlocked.Increment(ref _lastNumber);
        _waiting[number] = request;
        Interlocked.Increment(ref _count);
        return number;
    }

    public void Remove(ulong number)
    {
        if (_waiting.TryRemove(number, out _)) Interlocked.Decrement(ref _count);
    }

    /// <summary>The request that a message to the inbox answers; null when it is not an answer, or nobody waits for it any more.</summary>
    /// <param name="rest">What follows the prefix of the inbox in the subject.</param>
    public IPendingRequest? Find(ReadOnlySpan<byte> rest) =>
        Utf8Parser.TryParse(rest, out ulong number, out int used) && used == rest.Length ? _waiting.GetValueOrDefault(number) : null;

    public void FailAll(Exception error)
    {
        foreach (ulong number in _waiting.Keys)
        {
            if (!_waiting.TryRemove(number, out IPendingRequest? request)) continue;
            Interlocked.Decrement(ref _count);
            request.Fail(error);
        }
    }
}
