using System.Net.Sockets;
using System.Runtime.InteropServices;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// A bound SOCK_DGRAM socket, at a path or at an abstract address. It has no connections: each receive yields one datagram and its sender,
/// which may be anybody who may write to the socket file.
/// </summary>
/// <remarks>One receive at a time; sends from any thread.</remarks>
public sealed class DatagramSocket : IDisposable
{
    private readonly BoundSocket _bound;
    private readonly Socket _socket;
    private readonly SocketWait _wait;

    private DatagramSocket(BoundSocket bound, SocketFileOptions options)
    {
        _bound = bound;
        _socket = bound.Socket;
        _wait = new SocketWait(_socket);
        MaxPacket = PacketSize.Reserve(_socket, options.MaxPacket);
        _socket.SetRawSocketOption(SocketOptions.SocketLevel, SocketOptions.PassCredentials, [1, 0, 0, 0]);
        _socket.Blocking = false;
    }

    /// <summary>The address that datagrams are sent to.</summary>
    public SocketPath Path => _bound.Path;

    /// <summary>
    /// The most bytes of one datagram: what the options ask for, or less if the kernel could not send one of that size back.
    /// </summary>
    public int MaxPacket { get; }

    /// <summary>Binds the address. From here on the kernel queues what is sent to it, as far as it has room.</summary>
    /// <param name="address">A path, or <c>@name</c> for the abstract namespace, for which only the packet size of the options
    /// counts.</param>
    /// <param name="options">How the file is created; the type is ignored.</param>
    /// <exception cref="SocketFileException">It cannot be had; reason and message say why.</exception>
    public static DatagramSocket Open(string address, SocketFileOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options with { Type = UnixSocketType.Dgram };
        return new DatagramSocket(BoundSocket.Open(address, options), options);
    }

    /// <summary>As <see cref="UnixConnection.UntilReadable"/>; the end is the close of this socket, or its failure.</summary>
    /// <param name="callback">Called once if this returns true; perhaps before it returns.</param>
    /// <returns>False when the socket is closed.</returns>
    public bool UntilReadable(Action callback) => _wait.UntilReadable(callback);

    /// <summary>Receives one datagram if there is one; it may be empty.</summary>
    /// <param name="buffer">Where its bytes go.</param>
    /// <param name="sender">Where to say who sent it.</param>
    /// <param name="state">The outcome.</param>
    /// <returns>Its size, the real one when it is <see cref="ReceiveState.TooLarge"/>.</returns>
    public int TryReceive(Span<byte> buffer, DatagramSender sender, out ReceiveState state)
    {
        ArgumentNullException.ThrowIfNull(sender);
        state = ReceiveState.Ended;
        try
        {
            var received = PacketCalls.ReceiveFrom(_socket.SafeHandle, buffer, sender.Room, out var addressLength, out var credentials);
            if (received < 0)
            {
                if (Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted) state = ReceiveState.Empty;
                return 0;
            }

            if (!credentials.IsPresent) return 0; // the end, since with each datagram they come
            sender.Fill(credentials, addressLength);
            state = received <= buffer.Length ? ReceiveState.Received : ReceiveState.TooLarge;
            return (int)received;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>Answers a sender that has an address, if the kernel takes the datagram at once; says whether it did.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes, DatagramSender recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        try
        {
            const int AtOnce = PacketCalls.DoNotWait | PacketCalls.NoSignal;
            var address = recipient.Address;
            return PacketCalls.SendTo(_socket.SafeHandle, bytes, (nuint)bytes.Length, AtOnce, address, (uint)address.Length) >= 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>As <see cref="UnixListener.IsStillOurs"/>.</summary>
    public bool IsStillOurs() => _bound.IsStillOurs();

    /// <summary>
    /// Ends the wait, closes the socket, and unlinks the path if it is still ours. Later calls do nothing; any thread may call it.
    /// </summary>
    public void Dispose()
    {
        _wait.Close();
        _bound.Dispose();
    }
}
