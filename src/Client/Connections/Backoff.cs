namespace UdsBroker.Client;

/// <summary>
/// Exponential backoff with jitter between attempts to connect: the delay doubles from the minimum to the maximum, and each is shortened by
/// a random part. Only a connection that lasted resets it, so that a broker which accepts connections and drops them at once is not
/// flooded. Pure: the random number is an argument.
/// </summary>
internal sealed class Backoff(ReconnectOptions options)
{
    /// <summary>What a first delay of zero grows from.</summary>
    private const double LeastToDoubleMs = 0.5;

    private int _attempts;

    /// <summary>Starts over, after a connection that lasted.</summary>
    public void Reset() => _attempts = 0;

    /// <summary>The delay before the next attempt.</summary>
    /// <param name="random">From 0 to 1.</param>
    public TimeSpan Next(double random)
    {
        double first = _attempts == 0 ? options.MinDelay.TotalMilliseconds : Math.Max(options.MinDelay.TotalMilliseconds, LeastToDoubleMs);
        double doubled = first * Math.Pow(2, Math.Min(_attempts, 30));
        double delay = Math.Min(doubled, options.MaxDelay.TotalMilliseconds);
        _attempts++;
        return TimeSpan.FromMilliseconds(delay * (1 - (options.Jitter * random)));
    }
}
