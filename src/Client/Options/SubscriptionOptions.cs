using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// What can be chosen about one subscription. Two places hold messages for a reader that is behind: this client (<see cref="PendingBytes"/>,
/// <see cref="PendingMessages"/>, <see cref="WhenFull"/>) and, with <see cref="Credit"/>, the broker (<see cref="BrokerPendingBytes"/>,
/// <see cref="Overflow"/>). Everything that either of them drops is counted in <see cref="Subscription.MissedCount"/> and reported at its
/// place in <see cref="Message.MissedBefore"/>; nothing is lost silently.
/// </summary>
public sealed record SubscriptionOptions
{
    private const int MaxQueueBytes = 255;

    /// <summary>The queue group to join: each message goes to one member of the group; 1 to 255 bytes of UTF-8. Default <see langword="null"/>: every message.</summary>
    public string? Queue { get; init; }

    /// <summary>
    /// Flow control by the reader: the most messages that the broker may have sent and the reader has not read. The client grants new
    /// credit as the reader progresses, in windows that follow the size of the messages (<see cref="PendingBytes"/>). When a reader stops,
    /// the broker holds its messages, and <see cref="Overflow"/> decides there: by default the publishers wait. Other subscriptions of the
    /// connection are not affected. 1 gives a reader one message at a time, for fair queue groups. <see langword="null"/>:
    /// <see cref="UdsBrokerOptions.SubscriptionCredit"/>, at most <see cref="PendingMessages"/>. 0: no credit.
    /// </summary>
    public int? Credit { get; init; }

    /// <summary>What the broker does when this subscription's own queue there is full. Default <see langword="null"/>: the broker's default, block.</summary>
    public OverflowPolicy? Overflow { get; init; }

    /// <summary>Bytes that the broker may hold for this subscription, at most what its own setting says; 1 or more. Default <see langword="null"/>: that setting.</summary>
    public long? BrokerPendingBytes { get; init; }

    /// <summary>
    /// Whether the retained messages that match come first, marked by <see cref="Message.IsRetained"/>; after a reconnect they come again. Default
    /// <see langword="true"/>. A member of a queue group never gets any.
    /// </summary>
    public bool Retained { get; init; } = true;

    /// <summary>
    /// Bytes (whole frames) that wait in this client for the reader; one more batch can be in the reader's hands. A single larger message is
    /// accepted when nothing else waits. <see langword="null"/>: <see cref="UdsBrokerOptions.SubscriptionPendingBytes"/>. With credit the bound
    /// steers the credit that is handed out and is enforced at four times its value. 1024 or more.
    /// </summary>
    public int? PendingBytes { get; init; }

    /// <summary>Messages that wait in this client for the reader. <see langword="null"/>: <see cref="UdsBrokerOptions.SubscriptionPendingMessages"/>. 1 or more.</summary>
    public int? PendingMessages { get; init; }

    /// <summary>What this client does when a message arrives and the bounds above are reached. Default: drop the oldest. The socket is never paused for it.</summary>
    public SlowReaderPolicy WhenFull { get; init; } = SlowReaderPolicy.DropOldest;

    /// <summary>
    /// End the subscription by itself after this many messages, those that were missed included: the broker counts what it admits, also when
    /// <see cref="Overflow"/> drops it later. Default <see langword="null"/>: never. 1 or more.
    /// </summary>
    public long? MaxMessages { get; init; }

    /// <summary>Whether the reader is a service, which is resumed on the reading thread of its connection.</summary>
    internal bool IsOfService { get; init; }

    /// <summary>Whether a new connection brings all of it again, so that what waits from the one before is worth nothing.</summary>
    internal bool BeginsAnew { get; init; }

    internal void Validate()
    {
        if (Credit is { } credit) ArgumentOutOfRangeException.ThrowIfNegative(credit, nameof(Credit));
        if (PendingBytes is { } bytes) ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1024, nameof(PendingBytes));
        if (PendingMessages is { } messages) ArgumentOutOfRangeException.ThrowIfLessThan(messages, 1, nameof(PendingMessages));
        if (MaxMessages is { } most) ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(MaxMessages));
        if (BrokerPendingBytes is { } broker) ArgumentOutOfRangeException.ThrowIfLessThan(broker, 1, nameof(BrokerPendingBytes));
        if (Overflow is { } overflow) CheckDefined(overflow, nameof(Overflow));
        CheckDefined(WhenFull, nameof(WhenFull));
        if (Queue is not null && Encoding.UTF8.GetByteCount(Queue) is 0 or > MaxQueueBytes)
            throw new ArgumentException($"The name of a queue group has 1 to {MaxQueueBytes} bytes; \"{Queue}\" has {Encoding.UTF8.GetByteCount(Queue)}.", nameof(Queue));
    }

    private static void CheckDefined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw new ArgumentOutOfRangeException(name, value, $"{typeof(T).Name} has no such value.");
    }
}

/// <summary>What a client does with messages for a subscription whose own buffer in the client is full.</summary>
public enum SlowReaderPolicy : byte
{
    /// <summary>The oldest waiting messages make room; the gap is counted and reported before the next message.</summary>
    DropOldest,

    /// <summary>The arriving messages are dropped; the gap is counted and reported before the next message that fits.</summary>
    DropNewest,

    /// <summary>The subscription ends: what waits can still be read, then the reader gets a <see cref="SlowReaderException"/>.</summary>
    End,
}
