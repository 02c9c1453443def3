using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// The fences of one connection in the order of the wire, and the sum of their receipts. The broker's receipt counts from its last fence,
/// whatever the purpose of that; a user's flush returns the counts since the last flush, so the counts of all other fences are carried
/// forward. Not thread-safe: it lives under the lock of the <see cref="OutboundBuffer"/>, because its order must be that of the PING
/// frames.
/// </summary>
internal sealed class FenceQueue
{
    private readonly Queue<Fence> _waiting = new();
    private ulong _lastToken;
    private Receipt _carried;

    /// <summary>How many publishes of this connection a receipt has confirmed.</summary>
    public long Confirmed { get; private set; }

    public Fence Add(FenceUse use, long publishesBefore)
    {
        Fence fence = new(++_lastToken, use, publishesBefore);
        _waiting.Enqueue(fence);
        return fence;
    }

    /// <summary>
    /// Removes the fence that a PONG passes, and returns the receipt for its owner; null when the token is not that of the oldest.
    /// </summary>
    public Fence? Pass(ulong token, Receipt? receipt, out Receipt total)
    {
        total = default;
        if (!_waiting.TryPeek(out Fence? fence) || fence.Token != token) return null;
        _waiting.Dequeue();
        Confirmed = fence.PublishesBefore;
        _carried += receipt ?? default;
        total = _carried;
        if (fence.Use == FenceUse.Flush) _carried = default;
        return fence;
    }

    /// <summary>
    /// When the connection has ended: returns all fences that will never be passed and starts from zero. Tokens continue, so that none is
    /// used twice.
    /// </summary>
    public Fence[] Abandon()
    {
        Fence[] abandoned = [.. _waiting];
        _waiting.Clear();
        _carried = default;
        Confirmed = 0;
        return abandoned;
    }
}
