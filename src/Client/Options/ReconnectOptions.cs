namespace UdsBroker.Client;

/// <summary>
/// How a client comes back after it lost its connection. The delay doubles with each failed attempt from <see cref="MinDelay"/> to
/// <see cref="MaxDelay"/> and is spread by <see cref="Jitter"/>, so that the clients of a restarted broker do not all connect at the same
/// moment.
/// </summary>
public sealed record ReconnectOptions
{
    /// <summary>Whether to come back at all. Default <see langword="true"/>. When <see langword="false"/> a lost connection ends the client: every later call throws.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The delay before the first attempt. Default 20 ms; zero or more. After zero comes 1 ms.</summary>
    public TimeSpan MinDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The longest delay between two attempts. Default 500 ms, since a connect to a local socket costs little and a restarted broker should have its
    /// clients back within a second; from <see cref="MinDelay"/> to 49 days.
    /// </summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The random part of each delay: with 0.5 a delay of 100 ms becomes 50 to 100 ms. Default 0.5; from 0 (none) to 1.</summary>
    public double Jitter { get; init; } = 0.5;

    /// <summary>How many attempts in a row may fail before the client gives up and ends. Default <see langword="null"/>: never gives up. 1 or more.</summary>
    public int? MaxAttempts { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinDelay, TimeSpan.Zero, nameof(MinDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelay, MinDelay, nameof(MaxDelay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDelay, UdsBrokerOptions.LongestTime, nameof(MaxDelay));
        if (Jitter is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(Jitter), Jitter, "Jitter is a fraction from 0 to 1.");
        if (MaxAttempts is { } most) ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(MaxAttempts));
    }
}
