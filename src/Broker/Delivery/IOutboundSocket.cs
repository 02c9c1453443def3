namespace UdsBroker.Broker.Delivery;

/// <summary>What an outbox needs of a socket: to hand bytes to the kernel without waiting.</summary>
internal interface IOutboundSocket
{
    /// <summary>Sends what the kernel takes at once. A result of <see cref="SendOutcome.Full"/> may still have sent a part.</summary>
    SendOutcome TrySend(List<ArraySegment<byte>> segments, out int sent);
}

internal enum SendOutcome : byte
{
    /// <summary>Everything was taken.</summary>
    Sent,

    /// <summary>The peer's buffer is full; somebody must wait until it is writable.</summary>
    Full,

    /// <summary>The peer is gone; nothing more can be sent.</summary>
    Gone,
}
