using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// The root of everything that this library throws about the broker or the connection to it (wrong arguments are the framework's own argument
/// exceptions). <see cref="Code"/> and <see cref="Reason"/> are for programs; the text is for people.
/// </summary>
public class UdsBrokerException : Exception
{
    /// <summary>Makes an exception without a code.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="inner">The cause, if another exception is it.</param>
    public UdsBrokerException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Makes an exception for an ERROR of the broker.</summary>
    /// <param name="code">The code of the ERROR frame.</param>
    /// <param name="message">The broker's text.</param>
    public UdsBrokerException(ErrorCode code, string message)
        : base(message) => Code = code;

    /// <summary>The broker's error code when an ERROR frame is the cause, else <see langword="null"/>.</summary>
    public ErrorCode? Code { get; }

    /// <summary>The close reason when the end of a connection is the cause, else <see cref="CloseReason.None"/>.</summary>
    public CloseReason Reason { get; init; }
}

/// <summary>
/// The connection ended while the operation was under way. Publishes that were sent and not confirmed by a receipt may or may not have been
/// routed: the client does not send them again, because that could deliver them twice.
/// </summary>
public sealed class ConnectionLostException : UdsBrokerException
{
    internal ConnectionLostException(CloseReason reason, string message, long publishesInDoubt, Exception? inner = null)
        : base(message, inner)
    {
        Reason = reason;
        PublishesInDoubt = publishesInDoubt;
    }

    /// <summary>How many publishes were handed to the socket after the last receipt: each of them may or may not have been routed.</summary>
    public long PublishesInDoubt { get; }

    /// <summary>How many publishes were taken while there was no connection, and are never sent because the client has ended (<see cref="UdsBrokerClient.DrainAsync(CancellationToken)"/>).</summary>
    public long PublishesDropped { get; init; }
}

/// <summary>The broker refused a subscription; <see cref="UdsBrokerException.Code"/> says why. The connection lives.</summary>
public sealed class SubscriptionRefusedException : UdsBrokerException
{
    internal SubscriptionRefusedException(string pattern, ErrorCode code, string message)
        : base(code, $"The broker refused the subscription to \"{pattern}\": {message}") => Pattern = pattern;

    /// <summary>The pattern that was refused.</summary>
    public string Pattern { get; }
}

/// <summary>
/// More bytes of messages wait in memory than <see cref="UdsBrokerOptions.MaxBufferedPublishBytes"/> allows; the message was not taken. Either the
/// connection is away for long, or the program does not await its publishes.
/// </summary>
public sealed class PublishBufferFullException : UdsBrokerException
{
    internal PublishBufferFullException(long waiting, long bound, bool away)
        : base(away
            ? $"The connection is away and {waiting} bytes of messages wait for it already; the bound is {bound} (MaxBufferedPublishBytes). Wait for Connected, or raise the bound."
            : $"{waiting} bytes of messages wait for the socket already; the bound is {bound} (MaxBufferedPublishBytes). Await each PublishAsync: it completes when there is room.")
    {
    }
}

/// <summary>The reader of a subscription with <see cref="SlowReaderPolicy.End"/> was too slow: its buffer in this client was full, so the subscription ended.</summary>
public sealed class SlowReaderException : UdsBrokerException
{
    internal SlowReaderException(string pattern, long bytes, long messages)
        : base($"The subscription to \"{pattern}\" ended because its reader is too slow: {messages} messages ({bytes} bytes) were waiting and more came. Read faster, raise PendingBytes and PendingMessages, or use credit.")
        => Reason = CloseReason.SlowConsumer;
}

/// <summary>A read from a subscription that has ended and whose messages were all read.</summary>
public sealed class SubscriptionEndedException : UdsBrokerException
{
    internal SubscriptionEndedException(string pattern)
        : base($"The subscription to \"{pattern}\" has ended and everything that came for it was read.")
    {
    }
}
