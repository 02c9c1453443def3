using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// The fences of one connection in the order of the wire, and the adding up of their receipts. The broker's receipt counts from its last fence,
/// whoever wanted that one; a user's flush wants the counts since the user's last flush, so the counts of all other fences are carried forward.
/// Not thread-safe: it lives under the lock of the <see cref="OutboundBuffer"/>, because its order must be that of the PING frames.
/// </summary>
internal sealed class FenceQueue
{
    private readonly Queue<Fence> _waiting = new();
    private ulong _lastToken;
    private Receipt _carried;

    /// <summary>How many publishes of this connection are settled by a receipt.</summary>
    public long Settled { get; private set; }

    public Fence Add(FenceUse use, long publishesBefore)
    {
        Fence fence = new(++_lastToken, use, publishesBefore);
        _waiting.Enqueue(fence);
        return fence;
    }

    /// <summary>Takes the fence that a PONG passes, with the receipt that its owner gets; null when the token is not that of the oldest.</summary>
    public Fence? Pass(ulong token, Receipt? receipt, out Receipt total)
    {
        total = default;
        if (!_waiting.TryPeek(out Fence? fence) || fence.Token != token) return null;
        _waiting.Dequeue();
        Settled = fence.PublishesBefore;
        _carried += receipt ?? default;
        total = _carried;
        if (fence.Use == FenceUse.Flush) _carried = default;
        return fence;
    }

    /// <summary>The connection is over: gives back all fences that will never be passed and starts from zero. Tokens go on, so that none is used twice.</summary>
    public Fence[] Abandon()
    {
        Fence[] abandoned = [.. _waiting];
        _waiting.Clear();
        _carried = default;
        Settled = 0;
        return abandoned;
    }
}
