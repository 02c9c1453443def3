namespace UdsBroker.Client;

/// <summary>When a scatter-gather request has enough answers. Whatever comes first ends it; none of them is an error.</summary>
public sealed record RequestManyOptions
{
    /// <summary>End after so many answers. Default <see langword="null"/>: any number.</summary>
    public int? MaxAnswers { get; init; }

    /// <summary>End when, after the first answer, none came for so long. Default <see langword="null"/>: do not look at pauses.</summary>
    public TimeSpan? QuietGap { get; init; }

    /// <summary>End after so long altogether. Default <see langword="null"/>: <see cref="UdsBrokerOptions.RequestTimeout"/>.</summary>
    public TimeSpan? Deadline { get; init; }

    internal void Validate()
    {
        if (MaxAnswers is { } most) ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(MaxAnswers));
        if (QuietGap is { } gap) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(gap, TimeSpan.Zero, nameof(QuietGap));
        if (Deadline is { } deadline) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(deadline, TimeSpan.Zero, nameof(Deadline));
    }
}
