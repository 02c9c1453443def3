using System.Net.Sockets;

namespace UdsBroker.Client;

/// <summary>
/// The send buffer of a socket: what the kernel takes before the broker reads. A packet must fit the buffer less 32 bytes. The kernel
/// grants at most twice net.core.wmem_max (socket(7)).
/// </summary>
internal static class SendBuffer
{
    private const int KernelBytes = 32;

    /// <summary>What an untuned kernel grants at most: twice the usual size.</summary>
    private const int Wide = 416 * 1024;

    /// <summary>
    /// Makes room on a stream, if the kernel allows: the client can write the next part while the broker still reads the last, so the two
    /// wait for each other less often.
    /// </summary>
    public static void Widen(Socket socket) => Reserve(socket, Wide / 2);

    /// <summary>Makes room for packets of a size, if the kernel allows, and returns the largest that can be sent, at most that.</summary>
    public static int Reserve(Socket socket, int maxPacket)
    {
        if (socket.SendBufferSize < 2L * maxPacket) socket.SendBufferSize = maxPacket; // the kernel doubles it
        return Math.Min(maxPacket, socket.SendBufferSize - KernelBytes);
    }
}
