using System.Net.Sockets;
using System.Runtime.InteropServices;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// A connection that preserves packets, SOCK_SEQPACKET. A packet is received and sent whole or not at all. What .NET hides is read from the
/// kernel: the real size of a packet that does not fit, and whether zero bytes are an empty packet or the end.
/// </summary>
public sealed partial class UnixConnection
{
    /// <summary>Empty packets are ignored; after this many in a row other sockets get a turn.</summary>
    private const int MaxEmptyPackets = 16;

    private bool _sawEmpty;

    /// <summary>
    /// Sends the segments as one packet, waiting for room as often as needed, and returns the number of its bytes. Only
    /// <see cref="Dispose"/> ends the wait.
    /// </summary>
    /// <exception cref="SocketException">The connection failed.</exception>
    /// <exception cref="ObjectDisposedException">It was closed before the call.</exception>
    public Task<int> SendPacketAsync(List<ArraySegment<byte>> segments) => _socket.SendAsync(segments, SocketFlags.None);

    private int TryReceivePacket(Span<byte> buffer, out ReceiveState state)
    {
        try
        {
            if (_sawEmpty) return AfterEmpty(buffer, out state);
            var received = PacketCalls.Receive(_socket.SafeHandle, buffer, (nuint)buffer.Length, PacketCalls.RealSize | PacketCalls.DoNotWait);
            if (received != 0) return Judge(received, buffer, out state);

            // An empty packet, or the end: what comes next tells, since from now on packets come with credentials.
            _sawEmpty = true;
            _socket.SetRawSocketOption(SocketOptions.SocketLevel, SocketOptions.PassCredentials, [1, 0, 0, 0]);
            return AfterEmpty(buffer, out state);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            state = ReceiveState.Ended;
            return 0;
        }
    }

    private int AfterEmpty(Span<byte> buffer, out ReceiveState state)
    {
        for (var i = 0; i < MaxEmptyPackets; i++)
        {
            var received = PacketCalls.ReceiveWithCredentials(_socket.SafeHandle, buffer, out var isPacket);
            if (received != 0) return Judge(received, buffer, out state);
            if (isPacket) continue;
            state = ReceiveState.Ended;
            return 0;
        }

        state = ReceiveState.Empty;
        return 0;
    }

    private static int Judge(nint received, ReadOnlySpan<byte> buffer, out ReceiveState state)
    {
        if (received >= 0)
        {
            state = received <= buffer.Length ? ReceiveState.Received : ReceiveState.TooLarge;
            return (int)received;
        }

        state = Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted ? ReceiveState.Empty : ReceiveState.Ended;
        return 0;
    }
}
