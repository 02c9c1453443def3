using System.Net.Sockets;

namespace UdsBroker.Broker.Transport;

/// <summary>The three kinds of Unix socket, unix(7).</summary>
public enum UnixSocketType
{
    /// <summary>A stream of bytes without boundaries, SOCK_STREAM. The default and the fast path.</summary>
    Stream,

    /// <summary>A connection that keeps the boundaries of packets, SOCK_SEQPACKET.</summary>
    SeqPacket,

    /// <summary>Datagrams without a connection, SOCK_DGRAM.</summary>
    Dgram,
}

/// <summary>Makes sockets of a kind.</summary>
internal static class UnixSocketTypes
{
    /// <summary>A new unbound socket of this kind, not inherited by children.</summary>
    public static Socket CreateSocket(this UnixSocketType type) => new(
        AddressFamily.Unix,
        type switch
        {
            UnixSocketType.Stream => SocketType.Stream,
            UnixSocketType.SeqPacket => SocketType.Seqpacket,
            _ => SocketType.Dgram,
        },
        ProtocolType.Unspecified);
}
