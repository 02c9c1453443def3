namespace UdsBroker.Broker.Actors;

/// <summary>
/// The time that a connection is given to take its GOODBYE when it is closed to free memory. A peer that does not read is closed when it is over. When the broker
/// itself has not come to write, for example because the machine is busy, the connection is given that time once more, but not twice, because memory is short.
/// </summary>
internal sealed class Grace
{
    private bool _isLast;

    /// <summary>The time is over. True when the connection has to close.</summary>
    /// <param name="isStuck">Whether the kernel did not take all that it was offered last.</param>
    internal bool End(bool isStuck)
    {
        var isOver = isStuck || _isLast;
        _isLast = true;
        return isOver;
    }
}
