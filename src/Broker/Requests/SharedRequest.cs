namespace UdsBroker.Broker.Requests;

/// <summary>
/// A request that several connections are given: the asker is told when the last of them has ended and none has answered. Its publisher is
/// its first holder, so that a recipient that ends before the next was given the request does not count as the last. Thread-safe; it
/// returns to its pool with the last holder, unless it has waited in a backlog, from which it may get another holder.
/// </summary>
internal sealed class SharedRequest(SharedRequestPool pool) : RequestMark([])
{
    private int _holders;
    private volatile bool _isAnswered;
    private volatile bool _hasWaited;

    internal void Begin(byte[] subject)
    {
        Subject = subject;
        _isAnswered = false;
        Volatile.Write(ref _holders, 1);
    }

    internal override void AddHolder() => Interlocked.Increment(ref _holders);

    internal override void MarkAnswered()
    {
        _isAnswered = true;
        RemoveHolder();
    }

    internal override bool RemoveHolder()
    {
        if (Interlocked.Decrement(ref _holders) > 0) return false;
        var isUnanswered = !_isAnswered;
        if (!_hasWaited) pool.Return(this);
        return isUnanswered;
    }

    internal override bool HandOver() => RemoveHolder();

    internal override void MarkWaiting() => _hasWaited = true;
}
