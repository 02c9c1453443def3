namespace UdsBroker.Client;

/// <summary>
/// The delays between attempts to connect: doubling from the least to the most, each shortened by a random part. Only a connection that lasted starts
/// them over, so that a broker that accepts and drops at once is not knocked at without end. Pure: the random number comes in.
/// </summary>
internal sealed class Backoff(ReconnectOptions options)
{
    private int _attempts;

    /// <summary>A connection lasted.</summary>
    public void Reset() => _attempts = 0;

    /// <summary>The delay before the next attempt.</summary>
    /// <param name="random">From 0 to 1.</param>
    public TimeSpan Next(double random)
    {
        double doubled = options.MinDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_attempts, 30));
        double delay = Math.Min(doubled, options.MaxDelay.TotalMilliseconds);
        _attempts++;
        return TimeSpan.FromMilliseconds(delay * (1 - (options.Jitter * random)));
    }
}
