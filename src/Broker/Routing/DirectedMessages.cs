using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>What the broker can do with a message besides routing it: retain it, delay it, let it expire. Thread-safe parts, shared by all publishers.</summary>
/// <param name="Retained">Where retained messages are.</param>
/// <param name="Delayed">Where delayed messages wait.</param>
/// <param name="Clock">By which deadlines are told.</param>
internal sealed record DirectedMessages(RetainedStore Retained, DelayStore Delayed, IMonotonicClock Clock)
{
    /// <summary>Why a message with such directives is not routed; null when it is.</summary>
    /// <param name="directives">What its headers ask for.</param>
    /// <param name="subject">Its subject.</param>
    internal string? FindProblem(in Directives directives, ReadOnlySpan<byte> subject)
    {
        if (directives.Delay > Delayed.Bounds.LongestDelay)
            return $"{KnownHeaders.Delay} is {directives.Delay}; at most {Delayed.Bounds.LongestDelay} milliseconds are allowed";
        return directives.Retain && ReservedSubjects.IsInbox(subject)
            ? $"{KnownHeaders.Retain}: a message to an inbox cannot be retained, because nobody can subscribe to it later"
            : null;
    }

    /// <summary>The deadline of a message that arrives now.</summary>
    internal RunTraits TraitsOf(in Directives directives) =>
        directives.Expires is { } expires ? new RunTraits(DeliverFlags.None, Clock.Milliseconds + expires) : default;

    /// <summary>Lets a message that arrives now wait for its time; false when there is no room.</summary>
    internal bool TryDelay(in Run message, in Directives directives) =>
        Delayed.TryAdd(message, Clock.Milliseconds + directives.Delay.GetValueOrDefault(), directives.Retain);

    /// <summary>What to tell a publisher whose message could not be retained.</summary>
    internal string DescribeRetainedFull()
    {
        var (messages, bytes, _) = Retained.Kept;
        return $"the broker retains {messages} messages of {bytes} bytes; at most {Retained.Bounds.Messages} of {Retained.Bounds.Bytes} bytes are allowed. "
            + "The message was routed; publish empty ones to clear subjects, or raise udsbroker.retained";
    }

    /// <summary>What to tell a publisher whose message could not be delayed.</summary>
    internal string DescribeDelayedFull()
    {
        var (messages, bytes) = Delayed.Waiting;
        return $"{messages} delayed messages of {bytes} bytes wait in the broker; at most {Delayed.Bounds.Messages} of {Delayed.Bounds.Bytes} bytes are allowed. "
            + "The message was not routed; wait, or raise udsbroker.delayed";
    }
}
