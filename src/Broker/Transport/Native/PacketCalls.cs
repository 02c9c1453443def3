using System.Runtime.InteropServices;

namespace UdsBroker.Broker.Transport.Native;

/// <summary>
/// Receiving from sockets that keep the boundaries of packets. .NET cuts a packet that is larger than the buffer without a word, and cannot
/// tell a packet without bytes from the end; the kernel can, recv(2) and unix(7). Each call returns -1 and sets errno on failure.
/// </summary>
internal static partial class PacketCalls
{
    /// <summary>Return the real size of the packet, also when the buffer is smaller: MSG_TRUNC.</summary>
    public const int RealSize = 0x20;

    /// <summary>Do not wait: MSG_DONTWAIT.</summary>
    public const int DoNotWait = 0x40;

    /// <summary>recv(2).</summary>
    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(SafeHandle socket, Span<byte> buffer, nuint length, int flags);

    /// <summary>
    /// Receives one packet and says whether there was one: with SO_PASSCRED on, the sender's credentials come with every packet, be it empty,
    /// and never with the end. Descriptors that a peer attaches are closed by the kernel, for there is no room for them.
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

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static unsafe partial nint ReceiveMessage(SafeHandle socket, MessageHeader* message, int flags);
}
