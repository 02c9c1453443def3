using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Applies what a message's headers ask for besides routing: retain, delay, expire. Its parts are thread-safe and shared by all publishers.
/// </summary>
/// <param name="Retained">Where retained messages are.</param>
/// <param name="Delayed">Where delayed messages wait.</param>
/// <param name="Clock">The clock of deadlines.</param>
internal sealed record KeptMessages(RetainedStore Retained, DelayStore Delayed, IMonotonicClock Clock)
{
    /// <summary>Counts delays that are too long; null where nobody counts.</summary>
    internal Traffic? Traffic { get; init; }

    /// <summary>Why a message with such directives is not routed; null when it is.</summary>
    /// <param name="directives">What its headers ask for.</param>
    /// <param name="subject">Its subject.</param>
    internal string? FindProblem(in Directives directives, ReadOnlySpan<byte> subject)
    {
        if (directives.Delay > Delayed.Bounds.LongestDelay)
        {
            Traffic?.Hit(Limit.DelayedMaxDelay);
            return $"{KnownHeaders.Delay} is {directives.Delay}; at most {Delayed.Bounds.LongestDelay} milliseconds are allowed";
        }

        return directives.Retain && ReservedSubjects.IsInbox(subject)
            ? $"{KnownHeaders.Retain}: a message to an inbox cannot be retained, because nobody can subscribe to it later"
            : null;
    }

    /// <summary>The deadline of a message that arrives now.</summary>
    internal RunTraits TraitsOf(in Directives directives) =>
        directives.Expires is { } expires ? new RunTraits(DeliverFlags.None, Clock.After(expires)) : default;

    /// <summary>Delays a message that arrives now, if there is room.</summary>
    internal KeptRoom TryDelay(in Run message, in Directives directives) =>
        Delayed.TryAdd(message, Clock.After(directives.Delay.GetValueOrDefault()), directives.Retain);

    /// <summary>The text for a publisher whose message could not be retained.</summary>
    /// <param name="outcome">Whose bound it was.</param>
    /// <param name="message">The message.</param>
    internal string DescribeRetainedFull(RetainOutcome outcome, in Run message)
    {
        const string ThenWhat = "The message was routed; publish empty ones to clear subjects, or raise";
        if (outcome == RetainOutcome.UserFull)
        {
            var (own, ownBytes) = Retained.KeptFor(message.Account.Uid);
            return $"{message.Account.Access.Peer} has {own} messages of {ownBytes} bytes retained, and this one has {message.Length} bytes; "
                + $"at most {Retained.Bounds.OfUser} are allowed to one user. {ThenWhat} udsbroker.users.max-retained-messages and max-retained";
        }

        var (messages, bytes, _) = Retained.Kept;
        var bound = Retained.Bounds.InAll;
        return $"the broker retains {messages} messages of {bytes} bytes for all users; at most {bound.Messages} of {bound.Bytes} bytes are allowed. "
            + $"{ThenWhat} udsbroker.retained";
    }

    /// <summary>The text for a publisher whose message could not be delayed.</summary>
    /// <param name="room">Whose bound it was.</param>
    /// <param name="message">The message.</param>
    internal string DescribeDelayedFull(KeptRoom room, in Run message)
    {
        const string ThenWhat = "The message was not routed; wait, or raise";
        if (room == KeptRoom.UserFull)
        {
            var (own, ownBytes) = Delayed.WaitingFor(message.Account.Uid);
            return $"{own} delayed messages of {ownBytes} bytes wait for {message.Account.Access.Peer}, and this one has {message.Length} bytes; "
                + $"at most {Delayed.Bounds.OfUser} are allowed to one user. {ThenWhat} udsbroker.users.max-delayed-messages and max-delayed";
        }

        var (messages, bytes) = Delayed.Waiting;
        var bound = Delayed.Bounds.InAll;
        return $"{messages} delayed messages of {bytes} bytes wait in the broker for all users; at most {bound.Messages} of {bound.Bytes} bytes are allowed. "
            + $"{ThenWhat} udsbroker.delayed";
    }
}
