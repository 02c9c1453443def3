using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;

namespace UdsBroker.Client;

/// <summary>
/// The requests of a client that wait for answers, by the number that ends their reply subject: <c>_INBOX.&lt;id&gt;.&lt;number&gt;</c>, 16 hexadecimal digits.
/// </summary>
/// <remarks>
/// The identity is known to everybody who was ever sent a message, and everybody may publish below it. So the number is what proves that whoever answers was
/// given the request: 64 random bits, used for one request alone. A late answer finds nobody and can not be taken for another's.
/// </remarks>
internal sealed class PendingRequests
{
    /// <summary>The digits of a number; the broker remembers a rest of 16 bytes without a copy.</summary>
    public const int NumberLength = 2 * sizeof(ulong);

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    private readonly ConcurrentDictionary<ulong, IPendingRequest> _waiting = new();
    private readonly RandomNumbers _numbers = new();
    private int _count;

    /// <summary>Whether one request at most is under way: then its caller waits for that, and nothing is gained by collecting more before sending.</summary>
    public bool IsAlone => Volatile.Read(ref _count) <= 1;

    public ulong Add(IPendingRequest request)
    {
        ulong number;
        do number = _numbers.Next();
        while (!_waiting.TryAdd(number, request));
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
        rest.Length == NumberLength && Utf8Parser.TryParse(rest, out ulong number, out int used, 'x') && used == NumberLength ? _waiting.GetValueOrDefault(number) : null;

    /// <summary>Whether it looks like the number of a request, under way or not; other messages to the inbox are direct ones.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> rest) => rest.Length == NumberLength && !rest.ContainsAnyExcept(Digits);

    /// <summary>Writes a number as it stands in the reply subject.</summary>
    public static void Write(ulong number, Span<byte> rest) => Utf8Formatter.TryFormat(number, rest, out _, new StandardFormat('x', NumberLength));

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
