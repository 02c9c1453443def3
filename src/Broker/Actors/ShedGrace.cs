namespace UdsBroker.Broker.Actors;

/// <summary>
/// The grace period of a connection that is closed to free memory. When it is over, a peer that does not read is closed. When it is the
/// broker that has not come to write, for example because the machine is busy, the connection gets the period once more, and not twice,
/// because memory is short.
/// </summary>
internal sealed class ShedGrace
{
    private bool _isLast;

    /// <summary>The period is over. True when the connection has to close, false when it gets the period once more.</summary>
    /// <param name="isStuck">Whether the kernel did not take all that it was offered last.</param>
    internal bool End(bool isStuck)
    {
        var isOver = isStuck || _isLast;
        _isLast = true;
        return isOver;
    }
}
