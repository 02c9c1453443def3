namespace UdsBroker.Protocol;

/// <summary>The options of SUBSCRIBE. Null means the broker's default.</summary>
public sealed record SubscribeOptions
{
    /// <summary>No options at all.</summary>
    public static SubscribeOptions None { get; } = new();

    /// <summary><c>queue</c>: the queue group; each message goes to one of its members. Default none: every message.</summary>
    public string? Queue { get; init; }

    /// <summary><c>credit</c>: how many messages may be sent before the first CREDIT. Default none: no credit is needed.</summary>
    public ulong? Credit { get; init; }

    /// <summary><c>overflow</c>: what happens when the queue is full. Default <see cref="OverflowPolicy.Block"/>.</summary>
    public OverflowPolicy? Overflow { get; init; }

    /// <summary>
    /// <c>pending</c>: the bytes that may be queued in the broker for this subscription. Default and maximum are settings of the broker.
    /// </summary>
    public ulong? PendingBytes { get; init; }

    /// <summary>
    /// <c>retained</c>: whether the retained messages that match are sent first, marked as such. Default true; a member of a queue group
    /// never gets any.
    /// </summary>
    public bool? Retained { get; init; }
}
