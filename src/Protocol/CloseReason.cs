namespace UdsBroker.Protocol;

/// <summary>
/// Why a connection ended. Each connection has exactly one reason: the first that was given. It appears in GOODBYE, in logs and in metrics,
/// so the numbers never change. Readers keep a number that they do not know. PROTOCOL.md, "Close reasons".
/// </summary>
public enum CloseReason : byte
{
    /// <summary>The connection has not ended.</summary>
    None = 0,

    /// <summary>The client said GOODBYE: an orderly end.</summary>
    ClientClosed = 1,

    /// <summary>End of file or a reset without GOODBYE: the peer died or hung up.</summary>
    PeerGone = 2,

    /// <summary>The broker stops.</summary>
    BrokerShutdown = 3,

    /// <summary>The peer broke the protocol; the message of GOODBYE says how.</summary>
    Violation = 4,

    /// <summary>The peer sent, or claimed, a frame or an element beyond a limit of WELCOME.</summary>
    FrameTooBig = 5,

    /// <summary>No HELLO within the time allowed.</summary>
    HandshakeTimeout = 6,

    /// <summary>The peer answered none of several PINGs.</summary>
    Stale = 7,

    /// <summary>
    /// The client reads too slowly: a queue with the policy <see cref="OverflowPolicy.Disconnect"/> overflowed, or a hard bound was
    /// exceeded.
    /// </summary>
    SlowConsumer = 8,

    /// <summary>The broker, or this user's share of it, has no room for another connection.</summary>
    TooManyConnections = 9,

    /// <summary>The client speaks no version that the broker speaks.</summary>
    UnsupportedVersion = 10,

    /// <summary>The access rules do not let this peer connect.</summary>
    NotAllowed = 11,

    /// <summary>An operator ended the connection.</summary>
    Kicked = 12,

    /// <summary>A fault of the broker itself; only this connection ends.</summary>
    Fault = 13,

    /// <summary>The socket failed in a way that is neither end of file nor reset.</summary>
    TransportError = 14,

    /// <summary>The broker is about to stop and asks its clients to leave in good time.</summary>
    LameDuck = 15,

    /// <summary>The listener through which the connection came ended together with its connections.</summary>
    ListenerClosed = 16,

    /// <summary>Nothing but keep-alive went over the connection for longer than the broker's idle timeout.</summary>
    Idle = 17,

    /// <summary>The broker held more bytes for its clients than its memory budget, and more for this one than for any other.</summary>
    Overloaded = 18,
}
