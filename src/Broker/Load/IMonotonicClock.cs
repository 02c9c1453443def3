namespace UdsBroker.Broker.Load;

/// <summary>
/// The clock of the core: it only moves forward, whatever happens to the system time, and has no meaning outside this process. Thread-safe.
/// </summary>
internal interface IMonotonicClock
{
    /// <summary>Milliseconds since some moment before the broker started; never 0.</summary>
    long Milliseconds { get; }

    /// <summary>The first time stamp that is at least this many milliseconds from now, so that nothing is due early.</summary>
    long After(long milliseconds);
}
