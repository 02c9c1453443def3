using System.Net.Sockets;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// One accepted socket: bytes in, bytes out, and the peer's credentials. It knows no frames and does not interpret errors;
/// <see cref="SocketOutcomes"/> does.
/// </summary>
/// <remarks>
/// The socket is non-blocking, so that publishers can try to send in place and queue what does not fit. One
/// receive and one send may run at the same time, from any thread; two sends or two receives at once may not.
/// </remarks>
public sealed partial class UnixConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly SocketWait _wait;

    internal UnixConnection(Socket socket, PeerCredentials peer, int maxPacket)
    {
        socket.Blocking = false;
        _socket = socket;
        _wait = new SocketWait(socket);
        Peer = peer;
        MaxPacket = maxPacket;
    }

    /// <summary>Who the kernel says connected.</summary>
    public PeerCredentials Peer { get; }

    /// <summary>The most bytes of one packet, in either direction; 0 on a stream, which has no packets.</summary>
    public int MaxPacket { get; }

    /// <summary>
    /// Calls back once, on a thread that must not be held up, when there is something to receive or the connection has ended. An idle
    /// connection needs no memory for it. One such wait at a time.
    /// </summary>
    /// <param name="callback">Called once if this returns true; perhaps before it returns.</param>
    /// <returns>False when the connection is closed.</returns>
    public bool UntilReadable(Action callback) => _wait.UntilReadable(callback);

    /// <summary>
    /// As <see cref="UntilReadable"/>, when something can be sent: the kernel waits until a good part of its buffer is free.
    /// </summary>
    /// <param name="callback">Called once if this returns true; perhaps before it returns.</param>
    /// <returns>False when the connection is closed.</returns>
    public bool UntilWritable(Action callback) => _wait.UntilWritable(callback);

    /// <summary>Receives what is there without waiting; one packet where there are packets.</summary>
    /// <param name="buffer">Not empty.</param>
    /// <param name="state">What it came to; a connection that the peer reset reads as ended, since nothing more will come.</param>
    /// <returns>The number of bytes; 0 unless <paramref name="state"/> is <see cref="ReceiveState.Received"/> or
    /// <see cref="ReceiveState.TooLarge"/>.</returns>
    /// <exception cref="SocketException">The socket failed, and not for what the peer did.</exception>
    public int TryReceive(Span<byte> buffer, out ReceiveState state)
    {
        if (MaxPacket != 0) return TryReceivePacket(buffer, out state);
        try
        {
            var received = _socket.Receive(buffer, SocketFlags.None, out var error);
            if (error is not (SocketError.Success or SocketError.WouldBlock) && SocketOutcomes.Of(error) == SocketOutcome.Fault) throw new SocketException((int)error);
            state = error == SocketError.WouldBlock ? ReceiveState.Empty : received > 0 ? ReceiveState.Received : ReceiveState.Ended;
            return received;
        }
        catch (ObjectDisposedException)
        {
            state = ReceiveState.Ended;
            return 0;
        }
    }

    /// <summary>
    /// Sends what the kernel takes at once, gathered from all segments, and returns that many bytes. Never waits and never throws
    /// for a state of the socket.
    /// </summary>
    /// <param name="segments">At most 1024 of them (IOV_MAX); up to 8 cost no allocation.</param>
    /// <param name="error">
    /// <see cref="SocketError.Success"/> or <see cref="SocketError.WouldBlock"/>, with either of which the kernel may have taken all, a
    /// part or nothing: a count below what was asked means that its buffer is full. A packet is taken whole or not at all. Anything else is
    /// the failure.
    /// </param>
    public int TrySend(List<ArraySegment<byte>> segments, out SocketError error)
    {
        try
        {
            return _socket.Send(segments, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
            return 0;
        }
    }

    /// <summary>As the other overload, for bytes that lie together.</summary>
    /// <param name="bytes">What to send.</param>
    /// <param name="error">As there.</param>
    public int TrySend(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        try
        {
            return _socket.Send(bytes, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
            return 0;
        }
    }

    /// <summary>
    /// Tells the peer that nothing more will come, after what is already sent; receiving goes on. Does nothing when the
    /// connection is already closed or the peer is gone.
    /// </summary>
    public void ShutdownSend()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer is gone: there is nobody to tell, and the next receive says so.
        }
        catch (ObjectDisposedException)
        {
            // Closed: the same.
        }
    }

    /// <summary>
    /// Closes the socket. Waits end, and receives and sends then find it closed; bytes that the kernel has taken are still delivered. Later
    /// calls do nothing. Any thread may call it.
    /// </summary>
    public void Dispose()
    {
        _wait.Close();
        _socket.Dispose();
    }
}
