using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// One connected socket: the thin loop around a <see cref="ClientSession"/>. It receives into pooled buffers, feeds the session, checks for
/// silence, and ends in one place, <see cref="End"/>, where the first reason wins. Connection.Thread.cs has the reading thread,
/// Connection.Receive.cs the handling of what the session reports; <see cref="SocketSender"/> is the write side.
/// </summary>
internal sealed partial class Connection : IDisposable
{
    private readonly UdsBrokerClient _client;
    private readonly UdsBrokerOptions _options;
    private readonly Socket _socket;
    private readonly SocketAddress _address;
    private readonly ClientSession _session;
    private ConnectionEnd? _end;
    private string? _foreign;
    private long _received;

    public Connection(UdsBrokerClient client, UdsBrokerOptions options, Socket socket, SocketAddress address)
    {
        (_client, _options, _socket, _address) = (client, options, socket, address);
        _session = new ClientSession(this);
        _socket.Blocking = false;
        Sender = new SocketSender(socket, client.Outbound, OnSendFailed);
        _continuations = new Continuations(Sender, Read);
        (_feed, _receive) = (Feed, Receive);
    }

    /// <summary>The write side.</summary>
    public SocketSender Sender { get; }

    /// <summary>Who is at the other end; set when <see cref="GreetAsync"/> is done.</summary>
    public ServerDescription Server { get; private set; } = null!;

    /// <summary>The handshake: HELLO out, WELCOME in.</summary>
    /// <exception cref="ConnectFailedException">The broker did something else.</exception>
    public async Task GreetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SayHelloAsync(cancellationToken).ConfigureAwait(false);
            using CancellationTokenRegistration cancelling = cancellationToken.Register(Dispose);
            StartReading();
            await _greeted.Task.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (SocketException error)
        {
            End(CloseReason.TransportError, error.Message, error);
        }

        if (_end is { } end)
        {
            string message = _foreign is null
                ? $"The broker at {_address.Text} ended the connection before its WELCOME: {end.Message}"
                : $"The listener at {_address.Text} does not speak udsb: {_foreign}";
            throw new ConnectFailedException(ConnectFailure.Handshake, _address.Text, message, end.Exception)
            {
                Reason = end.Reason,
            };
        }
    }

    /// <summary>
    /// A broker that rejects this client may have closed the socket already; the failed send is ignored so that its GOODBYE is read.
    /// </summary>
    private async Task SayHelloAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _socket.SendAsync(HelloFrame.Encode(_options), SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset)
        {
        }
    }

    /// <summary>Serves the connection until it ends.</summary>
    public async Task<ConnectionEnd> RunAsync()
    {
        using CancellationTokenSource ended = new();
        Task watching = DoWatchAsync(ended.Token);
        _mayServe.Set();
        await _ended.Task.ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        return _end!;
    }

    /// <summary>
    /// Ends the connection; the first reason wins, and nothing else ends it. Closing the socket wakes the reading thread.
    /// </summary>
    public void End(CloseReason reason, string message, Exception? exception = null)
    {
        if (Interlocked.CompareExchange(ref _end, new ConnectionEnd(reason, message, exception), null) is null) _socket.Dispose();
    }

    public void Dispose()
    {
        End(CloseReason.ClientClosed, "closed by this client");
        _socket.Dispose();
        _mayServe.Set();
    }

    private async Task DoWatchAsync(CancellationToken ended)
    {
        if (_options.PingInterval == Timeout.InfiniteTimeSpan) return;
        KeepAlive keepAlive = new(_options.PingInterval, _options.MaxPingsOut);
        using PeriodicTimer timer = new(_options.PingInterval, _options.Time);
        try
        {
            await ProcessTicksAsync(timer, keepAlive, ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
    }

    private async Task ProcessTicksAsync(PeriodicTimer timer, KeepAlive keepAlive, CancellationToken ended)
    {
        long last = _options.Time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(ended).ConfigureAwait(false))
        {
            long now = _options.Time.GetTimestamp();
            KeepAliveStep step = keepAlive.Tick(Interlocked.Read(ref _received), _options.Time.GetElapsedTime(last, now));
            last = now;
            if (step == KeepAliveStep.SendPing) _client.Outbound.AddFence(FenceUse.Other, out _);
            if (step == KeepAliveStep.Dead)
                End(CloseReason.Stale, $"the broker has been silent for {_options.MaxPingsOut + 1} intervals of {_options.PingInterval.TotalSeconds} s, pings included");
        }
    }

    /// <summary>
    /// A send has failed. When the peer takes nothing any more, the connection ends after what the broker had sent before, such as GOODBYE, has been read:
    /// with receiving shut down, that comes first and then the end (shutdown(2)), also when the peer has closed only its receiving side.
    /// </summary>
    private void OnSendFailed(SocketException error)
    {
        if (error.SocketErrorCode is not (SocketError.Shutdown or SocketError.ConnectionReset))
        {
            End(CloseReason.TransportError, error.Message, error);
            return;
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The connection has ended already.
        }
    }
}
