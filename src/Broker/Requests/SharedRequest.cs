namespace UdsBroker.Broker.Requests;

/// <summary>
/// One request that several connections are given: the asker is told when the last of them ends and none has answered. It begins with a
/// hold of its publisher, so that a first recipient that ends before the second was given it is not taken for the last. Thread-safe; it
/// goes back to its pool with the last hold.
/// </summary>
internal sealed class SharedRequest(SharedRequestPool pool) : RequestMark([])
{
    private int _holds;
    private volatile bool _isSettled;

    internal void Begin(byte[] subject)
    {
        Subject = subject;
        _isSettled = false;
        Volatile.Write(ref _holds, 1);
    }

    internal override void Given() => Interlocked.Increment(ref _holds);

    internal override void Settled()
    {
        _isSettled = true;
        Left();
    }

    internal override bool Left()
    {
        if (Interlocked.Decrement(ref _holds) > 0) return false;
        var isUnanswered = !_isSettled;
        pool.Return(this);
        return isUnanswered;
    }
}
