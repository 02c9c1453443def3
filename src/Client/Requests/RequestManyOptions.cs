namespace UdsBroker.Client;

/// <summary>When a scatter-gather request has enough answers. Whatever comes first ends it; none of them is an error.</summary>
public sealed record RequestManyOptions
{
    /// <summary>End after this many answers. Default <see langword="null"/>: any number. 1 or more.</summary>
    public int? MaxAnswers { get; init; }

    /// <summary>
    /// End when no further answer came for this long after the last one, not counting the time that the caller takes for an answer. Default
    /// <see langword="null"/>: pauses do not end it. More than zero, at most 49 days.
    /// </summary>
    public TimeSpan? QuietGap { get; init; }

    /// <summary>
    /// End after this time altogether, including the wait for a connection. Default <see langword="null"/>:
    /// <see cref="UdsBrokerOptions.RequestTimeout"/>. More than zero, at most 49 days.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    internal void Validate()
    {
        if (MaxAnswers is { } most) ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(MaxAnswers));
        if (QuietGap is { } gap) UdsBrokerOptions.CheckTime(gap, nameof(QuietGap));
        if (Deadline is { } deadline) UdsBrokerOptions.CheckTime(deadline, nameof(Deadline));
    }
}
