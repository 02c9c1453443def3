using System.Net.Sockets;

namespace UdsBroker.Client;

/// <summary>
/// The send buffer of a socket: what the kernel takes before the broker reads. A packet it takes only if it fits the buffer less 32 bytes. It grants a buffer
/// of at most twice net.core.wmem_max (socket(7)).
/// </summary>
internal static class SendBuffer
{
    private const int KernelBytes = 32;

    /// <summary>What a kernel grants that nobody tuned, twice what is usual.</summary>
    private const int Wide = 416 * 1024;

    /// <summary>
    /// Makes room on a stream, if the kernel allows: while the broker is at one part of what this client has written the next one goes in, and the two
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
