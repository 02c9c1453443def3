namespace UdsBroker.Client;

/// <summary>When a scatter-gather request has enough answers. Whatever comes first ends it; none of them is an error.</summary>
public sealed record RequestManyOptions
{
    /// <summary>End after so many answers. Default <see langword="null"/>: any number. 1 or more.</summary>
    public int? MaxAnswers { get; init; }

    /// <summary>End when, after the first answer, none came for so long. Default <see langword="null"/>: do not look at pauses. More than zero, at most 49 days.</summary>
    public TimeSpan? QuietGap { get; init; }

    /// <summary>End after so long altogether, the waiting for a connection included. Default <see langword="null"/>: <see cref="UdsBrokerOptions.RequestTimeout"/>. More than zero, at most 49 days.</summary>
    public TimeSpan? Deadline { get; init; }

    internal void Validate()
    {
        if (MaxAnswers is { } most) ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(MaxAnswers));
        if (QuietGap is { } gap) UdsBrokerOptions.CheckTime(gap, nameof(QuietGap));
        if (Deadline is { } deadline) UdsBrokerOptions.CheckTime(deadline, nameof(Deadline));
    }
}
