namespace UdsBroker.Client;

/// <summary>How a service takes requests.</summary>
public sealed record ServiceOptions
{
    /// <summary>The queue group that the members of the service share; each request goes to one of them. Default <c>service</c>. <see langword="null"/>: every member gets every request.</summary>
    public string? Queue { get; init; } = "service";

    /// <summary>How many requests are handled at once. Default 1: one after the other, in their order. 1 or more.</summary>
    public int MaxConcurrency { get; init; } = 1;

    /// <summary>
    /// How many requests the broker may have handed to this member that no handler has begun. Default 64: enough to keep a fast handler busy. Small
    /// values spread slow requests more evenly over the members. 1 or more.
    /// </summary>
    public int Prefetch { get; init; } = 64;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrency, 1, nameof(MaxConcurrency));
        ArgumentOutOfRangeException.ThrowIfLessThan(Prefetch, 1, nameof(Prefetch));
    }
}
