using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The receive buffer, and the handling of what the session finds in it.
//
//   0            _start            _end             capacity
//   | consumed   | partial frame   | room to receive |
//
// Large runs stay where they are, referenced by their subscription, and reading continues in another buffer.
// For a frame that is larger than the buffer the buffer is doubled as bytes arrive, never because of an announced length alone.
internal sealed partial class Connection : ISessionReceiver
{
    private const int MinRoom = 16 * 1024;
    private const int RoundsToShrink = 1000;

    /// <summary>
    /// After a receive of at least this many bytes more is likely to be there: the next one is tried without polling first, which saves a
    /// system call.
    /// </summary>
    private const int LikelyMore = 16 * 1024;

    private ReceiveBuffer _buffer = ReceiveBufferPool.TakeForSocket(MinRoom);
    private int _start;
    private int _filled;

    /// <summary>The room that a receive needs at least: on a connection of packets, that of a whole packet.</summary>
    private int _minRoom = MinRoom;

    /// <summary>The capacity of buffers while messages are small.</summary>
    private int _smallCapacity = MinRoom;

    /// <summary>The capacity that this connection's messages have needed so far.</summary>
    private int _usualCapacity = MinRoom;

    /// <summary>How often a large buffer was found empty since its size was last needed.</summary>
    private int _emptyRounds;

    private bool _hasMore;

    private bool IsByPackets => _address.Kind == SocketKind.SeqPacket;

    /// <summary>Receives once, after waiting for readiness unless the last receive is likely to have left something.</summary>
    private void Receive()
    {
        if (IsByPackets && _filled > _start)
        {
            End(CloseReason.Violation, "the broker broke the protocol: a packet of it ends within a frame");
            return;
        }

        MakeRoom();
        Span<byte> room = _buffer.Bytes.AsSpan(_filled);
        if (!_hasMore) _socket.Poll(Timeout.Infinite, SelectMode.SelectRead);
        int received = _socket.Receive(room, IsByPackets ? SocketFlags.Truncated : SocketFlags.None, out SocketError error);
        _hasMore = error == SocketError.Success && received >= LikelyMore;
        if (error == SocketError.WouldBlock) return;
        if (error != SocketError.Success) throw new SocketException((int)error);
        if (received > room.Length)
        {
            End(CloseReason.FrameTooBig, $"the broker broke the protocol: a packet of it has {received} bytes; at most {_minRoom} are allowed");
            return;
        }

        if (received == 0)
        {
            End(CloseReason.PeerGone, "the broker is gone: it closed the connection without a GOODBYE");
            return;
        }

        Interlocked.Increment(ref _received);
        _filled += received;
        if (_filled - _start >= _session.Needed) Feed();
    }

    private void Feed() => _start += _session.Feed(_buffer.Bytes.AsSpan(_start, _filled - _start), _start);

    private void MakeRoom()
    {
        int partial = _filled - _start;
        bool isMine = _buffer.IsUnshared;
        if (partial == 0 && isMine && _buffer.Capacity >= _minRoom)
        {
            (_start, _filled) = (0, 0);
            if (_usualCapacity > _smallCapacity && ++_emptyRounds > RoundsToShrink) Shrink();
            return;
        }

        int room = _buffer.Capacity - _filled;
        if (room >= _minRoom && partial + room >= Math.Min(_session.Needed, _buffer.Capacity / 2)) return;
        if (isMine && partial <= _buffer.Capacity / 2 && _buffer.Capacity - partial >= _minRoom)
        {
            Buffer.BlockCopy(_buffer.Bytes, _start, _buffer.Bytes, 0, partial);
        }
        else
        {
            if (partial > _buffer.Capacity / 2) (_usualCapacity, _emptyRounds) = (Math.Max(_usualCapacity, partial * 2), 0);
            ReceiveBuffer next = ReceiveBufferPool.TakeForSocket(_usualCapacity);
            Buffer.BlockCopy(_buffer.Bytes, _start, next.Bytes, 0, partial);
            _buffer.Release();
            _buffer = next;
        }

        (_start, _filled) = (0, partial);
    }

    /// <summary>Returns a large buffer when no large message has come for a while.</summary>
    private void Shrink()
    {
        (_usualCapacity, _emptyRounds) = (_smallCapacity, 0);
        _buffer.Release();
        _buffer = ReceiveBufferPool.TakeForSocket(_usualCapacity);
    }

    void ISessionReceiver.OnWelcome(WelcomeCommand welcome)
    {
        WelcomeInfo info = welcome.Info;
        if (IsByPackets) UsePackets(info.Limits.MaxPacketBytes);
        Server = new ServerDescription
        {
            Id = welcome.Id,
            Broker = info.Broker,
            BrokerVersion = info.BrokerVersion,
            WireVersion = welcome.Version,
            Limits = info.Limits,
            Path = _address.Text,
            ServerCredentials = ServerCheck.Read(_socket),
            OwnCredentials = info.Uid is { } uid ? new PeerCredentials(info.Pid ?? 0, uid, info.Gid ?? PeerCredentials.UnknownId) : null,
            OwnGroups = info.Groups,
        };
    }

    /// <summary>
    /// Makes room for packets of the broker's size. Two of them fit a buffer, so that a run that stays in a buffer does not cost one buffer
    /// per packet.
    /// </summary>
    private void UsePackets(int maxPacket)
    {
        if (maxPacket == 0) maxPacket = MinRoom;
        Sender.MaxPacket = SendBuffer.Reserve(_socket, maxPacket);
        _minRoom = maxPacket;
        _smallCapacity = _usualCapacity = 2 * maxPacket;
    }

    void ISessionReceiver.OnRun(ReadOnlySpan<uint> sids, Guid sender, DeliverFlags flags, int offset, int length, int count)
    {
        if (sids.IsEmpty) _client.DeliverInbox(_buffer, offset, length, sender);
        foreach (uint sid in sids)
        {
            if (sid == ReservedSubjects.InboxSid) _client.DeliverInbox(_buffer, offset, length, sender);
            else _client.FindSubscription(sid)?.Deliver(_buffer, offset, length, count, sender, flags);
        }
    }

    void ISessionReceiver.OnPing(ulong token)
    {
        Span<byte> pong = stackalloc byte[FrameWriter.MaxPongBytes];
        _client.Outbound.AddControl(pong[..FrameWriter.WritePong(pong, token, null)]);
    }

    bool ISessionReceiver.OnPong(ulong token, Receipt? receipt) => _client.Outbound.PassFence(token, receipt);

    void ISessionReceiver.OnError(ErrorCommand error) => _client.OnError(error);

    void ISessionReceiver.OnMissed(uint sid, ulong count, ulong expired) => _client.FindSubscription(sid)?.DeliverGap(count, expired);

    void ISessionReceiver.OnDrained(uint sid) => _client.FindSubscription(sid)?.OnDrained();

    void ISessionReceiver.OnEnd(CloseReason reason, string message, bool byBroker)
    {
        if (!byBroker && !_session.IsServing) _foreign = ForeignAnswer.Describe(_buffer.Bytes.AsSpan(_start, _filled - _start), HelloFrame.Encode(_options), message);
        string text = byBroker ? $"the broker said goodbye ({reason}): {message}" : $"the broker broke the protocol: {message}";
        End(reason, text);
    }
}
