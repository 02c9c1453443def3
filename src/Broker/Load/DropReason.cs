namespace UdsBroker.Broker.Load;

/// <summary>Why a delivery was dropped. Every drop has a reason, which appears in the statistics by its name.</summary>
internal enum DropReason : byte
{
    /// <summary>The subscription's queue was full, and its overflow policy chose this delivery.</summary>
    Overflow,

    /// <summary>The client ended the subscription while the delivery waited for it.</summary>
    Unsubscribed,

    /// <summary>The recipient's connection ended before the kernel took the delivery.</summary>
    ConnectionEnded,

    /// <summary>The message had expired, by its publisher's header, before it could be sent.</summary>
    Expired,

    /// <summary>The recipient's socket preserves packets, and the message does not fit one.</summary>
    TooLarge,
}
