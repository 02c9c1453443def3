namespace UdsBroker.Broker.Load;

/// <summary>
/// The time that the core is told: it only moves forward, whatever happens to the clock on the wall, and means nothing outside of this
/// process. Any thread may read it.
/// </summary>
internal interface IMonotonicClock
{
    /// <summary>Milliseconds since some moment before the broker started; never 0.</summary>
    long Milliseconds { get; }

    /// <summary>The first of these moments that is at least so many milliseconds from now, so that nothing is due early.</summary>
    long After(long milliseconds);
}
