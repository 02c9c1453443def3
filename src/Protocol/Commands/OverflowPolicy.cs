namespace UdsBroker.Protocol;

/// <summary>
/// What the broker does when a subscription's queue is full: the option <c>overflow</c> of SUBSCRIBE, on the wire as the text given with
/// each value. PROTOCOL.md, "SUBSCRIBE".
/// </summary>
public enum OverflowPolicy : byte
{
    /// <summary><c>block</c>: publishers pause while the subscriber makes progress. The default.</summary>
    Block = 0,

    /// <summary><c>drop-oldest</c>: the oldest queued message makes room.</summary>
    DropOldest = 1,

    /// <summary><c>drop-newest</c>: the arriving message is dropped.</summary>
    DropNewest = 2,

    /// <summary><c>latest</c>: only the newest message of each subject is kept.</summary>
    Latest = 3,

    /// <summary><c>disconnect</c>: the connection ends with <see cref="CloseReason.SlowConsumer"/>.</summary>
    Disconnect = 4,
}
