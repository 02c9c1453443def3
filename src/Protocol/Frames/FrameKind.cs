namespace UdsBroker.Protocol;

/// <summary>The first element of a frame: what the frame is. The numbers are on the wire and never change. PROTOCOL.md, "Frames".</summary>
public enum FrameKind : byte
{
    /// <summary>No frame; a zero on the wire is an unknown kind.</summary>
    None = 0,

    /// <summary>Client: the first frame, with the newest version it speaks and its options.</summary>
    Hello = 1,

    /// <summary>Broker: the answer to HELLO, with the identity of the connection and the limits.</summary>
    Welcome = 2,

    /// <summary>Client: a subscription under the client's own number.</summary>
    Subscribe = 3,

    /// <summary>Client: the end of a subscription, at once or after so many more messages.</summary>
    Unsubscribe = 4,

    /// <summary>Both: a message.</summary>
    Publish = 5,

    /// <summary>Both: are you there, and have you routed all that came before.</summary>
    Ping = 6,

    /// <summary>Both: the answer to PING with the same token, from the broker with a receipt.</summary>
    Pong = 7,

    /// <summary>Broker: who sent the next PUBLISH frames and which subscriptions they are for.</summary>
    Deliver = 8,

    /// <summary>Broker: something the client asked for was refused; the connection lives.</summary>
    Error = 9,

    /// <summary>Both: the last frame, with the reason.</summary>
    Goodbye = 10,

    /// <summary>Broker: so many messages of a subscription were dropped at this place.</summary>
    Missed = 11,

    /// <summary>Client: so many more messages may be sent on a subscription made with credit.</summary>
    Credit = 12,
}
