using System.Collections.Concurrent;
using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>
/// A broker of the plainest kind, for tests that want answers and not a script: one lock, one message at a time, any number of clients. It can be
/// told to cut its connections.
/// </summary>
internal sealed class RoutingBroker : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Peer, Task> _peers = new();
    private readonly CancellationTokenSource _stop = new();
    private Socket _listener;
    private Task _accepting;

    public RoutingBroker()
    {
        Path = _folder.File("b.sock");
        _listener = Listen();
        _accepting = AcceptAsync(_listener);
    }

    public string Path { get; }

    /// <summary>The commands of every client in the order of their arrival, without the messages.</summary>
    public ConcurrentQueue<FrameKind> Commands { get; } = new();

    public UdsBrokerOptions Options => new()
    {
        Path = Path,
        ConnectTimeout = TimeSpan.FromSeconds(60),
        Reconnect = new ReconnectOptions { MinDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(20) },
    };

    public UdsBrokerClient NewClient() => new(Options);

    /// <summary>Closes every connection without GOODBYE, and keeps listening. What was received and not routed is lost.</summary>
    public void CutAll()
    {
        lock (_gate)
        {
            foreach (Peer peer in _peers.Keys)
            {
                peer.IsCut = true;
                peer.Socket.Dispose();
            }
        }
    }

    /// <summary>Stops listening and closes every connection, as a broker that was killed.</summary>
    public async Task StopAsync()
    {
        _listener.Dispose();
        await _accepting;
        CutAll();
        await Task.WhenAll(_peers.Values);
    }

    public void Start()
    {
        _listener = Listen();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await StopAsync();
        _stop.Dispose();
        _folder.Dispose();
    }

    private Socket Listen()
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen(100);
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Peer peer = new(await listener.AcceptAsync(_stop.Token));
                _peers[peer] = Task.Run(() => ServeAsync(peer));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Peer peer)
    {
        byte[] buffer = new byte[1 << 20];
        int filled = 0;
        try
        {
            while (true)
            {
                int received = await peer.Socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None);
                if (received == 0) break;
                filled += received;
                int at = 0;
                while (FrameScanner.Scan(buffer.AsSpan(at, filled - at), Limits.Ceiling, out FrameHead head) == ScanResult.Done)
                {
                    if (!Serve(peer, buffer.AsMemory(at, head.Length), head)) return;
                    at += head.Length;
                }

                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
                if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                await FlushAsync();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The client is gone, or the test cut it off.
        }
        finally
        {
            _peers.TryRemove(peer, out _);
            peer.Socket.Dispose();
        }
    }

    private bool Serve(Peer peer, ReadOnlyMemory<byte> frame, in FrameHead head)
    {
        lock (_gate)
        {
            if (peer.IsCut) return false;
            if (head.Kind == FrameKind.Publish)
            {
                Route(peer, frame.Span, head);
                return true;
            }

            Commands.Enqueue(head.Kind);
            switch (head.Kind)
            {
                case FrameKind.Hello:
                    peer.Outbox.AddRange(Wire.Welcome(peer.Id));
                    break;
                case FrameKind.Subscribe when CommandReader.TryReadSubscribe(frame.Span, out SubscribeCommand? command, out _):
                    if (!SubjectPattern.TryParse(command.Pattern.Span, out SubjectPattern pattern, out _) || pattern.ToString().StartsWith("denied", StringComparison.Ordinal))
                        peer.Outbox.AddRange(Wire.Error(ErrorCode.NotAllowed, "not for you", ("sid", $"{command.Sid}")));
                    else
                        peer.Subscriptions[command.Sid] = new Entry(pattern, long.MaxValue);
                    break;
                case FrameKind.Unsubscribe when CommandReader.TryReadUnsubscribe(frame.Span, out UnsubscribeCommand? command, out _):
                    if (!peer.Subscriptions.TryGetValue(command.Sid, out Entry entry)) peer.Outbox.AddRange(Wire.Error(ErrorCode.UnknownSid, "who?", ("sid", $"{command.Sid}")));
                    else if (command.Max is { } max) peer.Subscriptions[command.Sid] = entry with { Left = (long)max };
                    else peer.Subscriptions.Remove(command.Sid);
                    if (command.Drain) peer.Outbox.AddRange(Wire.Drained(command.Sid));
                    break;
                case FrameKind.Ping when CommandReader.TryReadPing(frame.Span, out ulong token):
                    peer.Outbox.AddRange(Wire.Pong(token, peer.Receipt));
                    peer.Receipt = default;
                    break;
                case FrameKind.Goodbye:
                    return false;
            }

            return true;
        }
    }

    private void Route(Peer from, ReadOnlySpan<byte> frame, in FrameHead head)
    {
        ReadOnlySpan<byte> subject = frame.Slice(head.SubjectStart, head.SubjectLength);
        ulong matched = 0;
        if (ReservedSubjects.TryReadInbox(subject, out Guid recipient) && _peers.Keys.FirstOrDefault(peer => peer.Id == recipient) is { } owner)
        {
            owner.Outbox.AddRange(Wire.Deliver([0], from.Id, frame.ToArray()));
            matched++;
        }

        foreach (Peer peer in _peers.Keys)
        {
            List<uint> sids = [];
            foreach ((uint sid, Entry entry) in peer.Subscriptions)
            {
                if (entry.Pattern.Matches(subject)) sids.Add(sid);
            }

            foreach (uint sid in sids)
            {
                Entry entry = peer.Subscriptions[sid];
                if (entry.Left == 1) peer.Subscriptions.Remove(sid);
                else if (entry.Left != long.MaxValue) peer.Subscriptions[sid] = entry with { Left = entry.Left - 1 };
            }

            if (sids.Count > 0) peer.Outbox.AddRange(Wire.Deliver([.. sids], from.Id, frame.ToArray()));
            matched += (ulong)sids.Count;
        }

        from.Receipt += new Receipt(1, matched, 0);
        if (matched == 0 && head.ReplyLength > 0)
        {
            string reply = System.Text.Encoding.UTF8.GetString(frame.Slice(head.ReplyStart, head.ReplyLength));
            from.Outbox.AddRange(Wire.Error(ErrorCode.NoResponders, "nobody is there", ("subject", System.Text.Encoding.UTF8.GetString(subject)), ("reply", reply)));
        }
    }

    /// <summary>Sends under a lock of the receiver, so that what was put into the outbox first is sent first.</summary>
    private async Task FlushAsync()
    {
        foreach (Peer peer in _peers.Keys)
        {
            await peer.SendGate.WaitAsync();
            try
            {
                byte[] bytes;
                lock (_gate)
                {
                    bytes = [.. peer.Outbox];
                    peer.Outbox.Clear();
                }

                if (bytes.Length > 0) await peer.Socket.SendAsync(bytes);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // It is gone; its own loop finds out.
            }
            finally
            {
                peer.SendGate.Release();
            }
        }
    }

    private readonly record struct Entry(SubjectPattern Pattern, long Left);

    private sealed class Peer(Socket socket)
    {
        public Socket Socket { get; } = socket;

        public Guid Id { get; } = Guid.CreateVersion7();

        public Dictionary<uint, Entry> Subscriptions { get; } = [];

        public List<byte> Outbox { get; } = [];

        public SemaphoreSlim SendGate { get; } = new(1, 1);

        public Receipt Receipt { get; set; }

        public bool IsCut { get; set; }
    }
}
