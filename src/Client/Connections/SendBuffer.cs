using System.Net.Sockets;

namespace UdsBroker.Client;

/// <summary>
/// The send buffer of a socket that keeps packets: the kernel takes a packet only if it fits the buffer less 32 bytes, and grants a buffer of at most
/// twice net.core.wmem_max (socket(7)).
/// </summary>
internal static class SendBuffer
{
    private const int KernelBytes = 32;

    /// <summary>Makes room for packets of a size, if the kernel allows, and returns the largest that can be sent, at most that.</summary>
    public static int Reserve(Socket socket, int maxPacket)
    {
        if (socket.SendBufferSize < 2L * maxPacket) socket.SendBufferSize = maxPacket;
        return Math.Min(maxPacket, socket.SendBufferSize - KernelBytes);
    }
}
