using System.Runtime.InteropServices;

namespace UdsBroker.Broker.Transport.Native;

/// <summary>
/// Receives from sockets that preserve packet boundaries. .NET silently truncates a packet that is larger than the buffer, and cannot tell
/// an empty packet from the end; the kernel can, recv(2) and unix(7). Each call returns -1 and sets errno on failure.
/// </summary>
internal static partial class PacketCalls
{
    /// <summary>Return the real size of the packet, also when the buffer is smaller: MSG_TRUNC.</summary>
    public const int RealSize = 0x20;

    /// <summary>Do not wait: MSG_DONTWAIT.</summary>
    public const int DoNotWait = 0x40;

    /// <summary>A peer that is gone is an error number, not a signal: MSG_NOSIGNAL.</summary>
    public const int NoSignal = 0x4000;

    /// <summary>recv(2).</summary>
    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(SafeHandle socket, Span<byte> buffer, nuint length, int flags);

    /// <summary>
    /// Receives one packet and says whether there was one: with SO_PASSCRED on, the sender's credentials come with every packet, be it
    /// empty, and never with the end. Descriptors that a peer attaches are closed by the kernel, for there is no room for them.
    /// </summary>
    public static unsafe nint ReceiveWithCredentials(SafeHandle socket, Span<byte> buffer, out bool isPacket)
    {
        CredentialMessage control = default;
        fixed (byte* bytes = buffer)
        {
            IoVector vector = new() { Start = bytes, Length = (nuint)buffer.Length };
            MessageHeader message = new()
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = &control,
                ControlLength = (nuint)sizeof(CredentialMessage),
            };
            var received = ReceiveMessage(socket, &message, RealSize | DoNotWait);
            isPacket = received >= 0 && control.IsPresent;
            return received;
        }
    }

    /// <summary>Receives one datagram, and where from: its sender's credentials and, if it is bound, its address.</summary>
    /// <param name="socket">A datagram socket with SO_PASSCRED on.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="address">Where the address goes, a <c>struct sockaddr_un</c>.</param>
    /// <param name="addressLength">Its length; 0 for a sender that is not bound.</param>
    /// <param name="sender">Who sent it; absent when there was no datagram.</param>
    public static unsafe nint ReceiveFrom(SafeHandle socket, Span<byte> buffer, Span<byte> address, out int addressLength, out CredentialMessage sender)
    {
        CredentialMessage control = default;
        fixed (byte* bytes = buffer, name = address)
        {
            IoVector vector = new() { Start = bytes, Length = (nuint)buffer.Length };
            MessageHeader message = new()
            {
                Name = name,
                NameLength = (uint)address.Length,
                Vectors = &vector,
                VectorCount = 1,
                Control = &control,
                ControlLength = (nuint)sizeof(CredentialMessage),
            };
            var received = ReceiveMessage(socket, &message, RealSize | DoNotWait);
            addressLength = received >= 0 ? (int)message.NameLength : 0;
            sender = control;
            return received;
        }
    }

    /// <summary>sendto(2): one datagram to an address as <see cref="ReceiveFrom"/> gave it.</summary>
    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(SafeHandle socket, ReadOnlySpan<byte> bytes, nuint length, int flags, ReadOnlySpan<byte> address, uint addressLength);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static unsafe partial nint ReceiveMessage(SafeHandle socket, MessageHeader* message, int flags);
}
