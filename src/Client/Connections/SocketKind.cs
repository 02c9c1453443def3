using System.Net.Sockets;

namespace UdsBroker.Client;

/// <summary>The kinds of socket that a broker may listen on, by the prefix of their addresses.</summary>
internal enum SocketKind : byte
{
    /// <summary><c>unix:</c>, or no prefix: a stream.</summary>
    Stream,

    /// <summary><c>unix-seqpacket:</c>, a connection that keeps packets.</summary>
    SeqPacket,

    /// <summary><c>unix-dgram:</c>, datagrams: publish only.</summary>
    Dgram,
}

/// <summary>The names of the kinds, for the kernel and in settings.</summary>
internal static class SocketKinds
{
    /// <summary>The kind as the kernel knows it.</summary>
    public static SocketType ToSocketType(this SocketKind kind) => kind switch
    {
        SocketKind.SeqPacket => SocketType.Seqpacket,
        SocketKind.Dgram => SocketType.Dgram,
        _ => SocketType.Stream,
    };

    /// <summary>The kind as a broker's settings name it.</summary>
    public static string ToSettingsText(this SocketKind kind) => kind switch
    {
        SocketKind.SeqPacket => "seqpacket",
        SocketKind.Dgram => "dgram",
        _ => "stream",
    };
}
