using System.Net.Sockets;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// Determines how large a packet may be. The kernel takes one only if it fits the send buffer of its sender (SO_SNDBUF) less a header, else
/// it returns EMSGSIZE; and it grants a send buffer of at most twice net.core.wmem_max, socket(7). So the requested size may not be
/// available.
/// </summary>
internal static class PacketSize
{
    // What the kernel keeps of a send buffer for itself, unix_dgram_sendmsg.
    private const int KernelBytes = 32;

    /// <summary>Gives the socket a send buffer for packets of that size, and returns the largest that it can send, at most that.</summary>
    internal static int Reserve(Socket socket, int wanted)
    {
        if (socket.SendBufferSize < 2L * wanted)
            socket.SendBufferSize = wanted; // the kernel doubles it, so that the next packet has room while one is on its way
        return Math.Min(wanted, socket.SendBufferSize - KernelBytes);
    }
}
