namespace UdsBroker.Broker.Load;

/// <summary>Why a delivery was dropped. Every drop has one: it is in the statistics by its name.</summary>
internal enum DropReason : byte
{
    /// <summary>The subscription's queue was full, and its overflow policy chose this delivery.</summary>
    Overflow,

    /// <summary>The subscription ended by its client's wish while the delivery waited for it.</summary>
    Unsubscribed,

    /// <summary>The recipient's connection ended before the kernel took the delivery.</summary>
    ConnectionEnded,

    /// <summary>The message had expired, by its publisher's header, before it could be sent.</summary>
    Expired,

    /// <summary>The recipient's socket keeps packets, and the message does not fit one.</summary>
    TooLarge,
}
