namespace UdsBroker.Broker.Requests;

/// <summary>
/// One request that several connections are given: the asker is told when the last of them ends and none has answered. Its publisher is its
/// first holder, so that a first recipient that ends before the second was given it is not taken for the last. Thread-safe; it
/// goes back to its pool with the last holder, unless it has waited somewhere and so may get another.
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
