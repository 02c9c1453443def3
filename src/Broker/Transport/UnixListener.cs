using System.Net.Sockets;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// A listening Unix socket: at a path of the file system or at an abstract address. It accepts one connection at a time and reads the
/// peer's credentials before any byte from it.
/// </summary>
/// <remarks>
/// Failures of accept(2) are of three kinds. A peer that went away while it waited is dropped here and the next one taken. A shortage
/// of descriptors or memory asks the caller to back off. Anything else is the end of this listener.
/// </remarks>
public sealed class UnixListener : IDisposable
{
    private readonly BoundSocket _bound;
    private readonly SocketWait _wait;
    private readonly int _sendBuffer;
    private PeerCredentials? _lastPeer;

    private UnixListener(BoundSocket bound, SocketFileOptions options)
    {
        _bound = bound;
        _wait = new SocketWait(bound.Socket);
        MaxPacket = options.Type == UnixSocketType.Stream ? 0 : PacketSize.Reserve(bound.Socket, options.MaxPacket);
        if (MaxPacket == 0 && bound.Socket.SendBufferSize < options.SendBuffer) _sendBuffer = options.SendBuffer;
    }

    /// <summary>The address clients connect to.</summary>
    public SocketPath Path => _bound.Path;

    /// <summary>
    /// The most bytes of one packet of its connections: what the options ask for, or less if the kernel does not allow as much. 0 for
    /// streams.
    /// </summary>
    public int MaxPacket { get; }

    /// <summary>Binds the address and listens.</summary>
    /// <param name="address">A path, or <c>@name</c> for the abstract namespace, for which only type, backlog and packet size of the
    /// options count.</param>
    /// <param name="options">Kind, mode and the rest.</param>
    /// <exception cref="SocketFileException">The address cannot be bound; reason and message say why.</exception>
    public static UnixListener Open(string address, SocketFileOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Type == UnixSocketType.Dgram)
            throw new NotSupportedException("A datagram socket has no connections to accept.");
        return new UnixListener(BoundSocket.Open(address, options), options);
    }

    /// <summary>
    /// Calls back once, on a thread that must not be held up, when a connection waits to be accepted or the listener is closed. One such
    /// wait at a time.
    /// </summary>
    /// <param name="callback">Called once if this returns true; perhaps before it returns.</param>
    /// <returns>False when the listener is closed.</returns>
    public bool UntilAcceptable(Action callback) => _wait.UntilReadable(callback);

    /// <summary>
    /// Waits for the next connection; does not wait when one is there. Returns null when the listener was closed. One call at a time.
    /// </summary>
    /// <exception cref="AcceptException">The listener has to pause, or is finished.</exception>
    public async ValueTask<UnixConnection?> AcceptAsync()
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await _bound.Socket.AcceptAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted || _bound.IsDisposed)
            {
                return null;
            }
            catch (SocketException e) when (IsPeerGone(e.SocketErrorCode))
            {
                continue;
            }
            catch (SocketException e)
            {
                throw new AcceptException(Classify(e.SocketErrorCode), e);
            }

            if (Adopt(accepted) is { } connection)
                return connection;
        }
    }

    /// <summary>
    /// Whether clients still reach this listener by its path. False when somebody removed or replaced the file, which the kernel does not
    /// announce; ask every few seconds. Always true for an abstract address.
    /// </summary>
    public bool IsStillOurs() => _bound.IsStillOurs();

    /// <summary>
    /// Stops listening and unlinks the path if it is still ours. Accepted connections live on. Connections that wait in the backlog
    /// are reset by the kernel. Later calls do nothing; any thread may call it.
    /// </summary>
    public void Dispose()
    {
        _wait.Close();
        _bound.Dispose();
    }

    /// <summary>What a failed accept means when it is not about one peer.</summary>
    internal static AcceptFailure Classify(SocketError error) => error switch
    {
        // EMFILE and ENFILE; ENOBUFS; ENOMEM has no name of its own in .NET
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.SocketError => AcceptFailure.BackOff,
        _ => AcceptFailure.Fatal,
    };

    private static bool IsPeerGone(SocketError error) =>
        error is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.Interrupted or SocketError.WouldBlock;

    // A send buffer is not inherited from the listener, and the kernel doubles what it is asked for.
    private void SizeSendBuffer(Socket accepted)
    {
        if (MaxPacket != 0) PacketSize.Reserve(accepted, MaxPacket);
        else if (_sendBuffer > 0) accepted.SendBufferSize = _sendBuffer / 2;
    }

    private UnixConnection? Adopt(Socket accepted)
    {
        try
        {
            SizeSendBuffer(accepted);
            _lastPeer = PeerCredentials.Read(accepted).Sharing(_lastPeer);
            return new UnixConnection(accepted, _lastPeer, MaxPacket);
        }
        catch (SocketException)
        {
            accepted.Dispose();
            return null;
        }
    }
}
