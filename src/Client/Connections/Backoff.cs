namespace UdsBroker.Client;

/// <summary>The delays between attempts to connect: doubling from the least to the most, each shortened by a random part. Pure: the random number comes in.</summary>
internal sealed class Backoff(ReconnectOptions options)
{
    /// <summary>How many attempts in a row have failed.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether the options allow another attempt.</summary>
    public bool IsExhausted => options.MaxAttempts is { } most && Attempts >= most;

    /// <summary>An attempt succeeded.</summary>
    public void Reset() => Attempts = 0;

    /// <summary>The delay before the next attempt.</summary>
    /// <param name="random">From 0 to 1.</param>
    public TimeSpan Next(double random)
    {
        double doubled = options.MinDelay.TotalMilliseconds * Math.Pow(2, Math.Min(Attempts, 30));
        double delay = Math.Min(doubled, options.MaxDelay.TotalMilliseconds);
        Attempts++;
        return TimeSpan.FromMilliseconds(delay * (1 - (options.Jitter * random)));
    }
}
