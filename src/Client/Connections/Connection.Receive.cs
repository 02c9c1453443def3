using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The receive buffer, and what is done with what the session finds in it.
//
//   0            _start            _end             capacity
//   | consumed   | partial frame   | room to receive |
//
// Runs that are large stay where they are, held by a reference of their subscription; then the loop goes on in another buffer.
// A frame larger than the buffer makes it grow by doubling as its bytes arrive, never for what a length only claims.
internal sealed partial class Connection : ISessionReceiver
{
    /// <summary>The number that the broker calls the inbox of a connection by (PROTOCOL.md, "Identities and inboxes").</summary>
    private const uint InboxSid = 0;

    private const int LeastRoom = 16 * 1024;
    private const int RoundsToShrink = 1000;

    /// <summary>A receive that brought so many bytes was one of many: the next is tried without waiting for it first, which saves a system call.</summary>
    private const int Plenty = 16 * 1024;

    private ReceiveBuffer _buffer = ReceiveBufferPool.TakeForSocket(LeastRoom);
    private int _start;
    private int _filled;

    /// <summary>Room for what one receive may bring: a whole packet, where there are packets.</summary>
    private int _leastRoom = LeastRoom;

    /// <summary>The size that buffers have when messages are small.</summary>
    private int _leastUsual = LeastRoom;

    /// <summary>The size that this connection's messages have asked for so far.</summary>
    private int _usual = LeastRoom;

    /// <summary>How often a large buffer was found empty since something last needed it.</summary>
    private int _emptyRounds;

    private bool _hasMore;

    private bool IsByPackets => _address.Kind == SocketKind.SeqPacket;

    /// <summary>One receive, after a wait for it unless the last one is likely to have left something.</summary>
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
        _hasMore = error == SocketError.Success && received >= Plenty;
        if (error == SocketError.WouldBlock) return;
        if (error != SocketError.Success) throw new SocketException((int)error);
        if (received > room.Length)
        {
            End(CloseReason.FrameTooBig, $"the broker broke the protocol: a packet of it has {received} bytes; at most {_leastRoom} are allowed");
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
        if (partial == 0 && isMine && _buffer.Capacity >= _leastRoom)
        {
            (_start, _filled) = (0, 0);
            if (_usual > _leastUsual && ++_emptyRounds > RoundsToShrink) Shrink();
            return;
        }

        int room = _buffer.Capacity - _filled;
        if (room >= _leastRoom && partial + room >= Math.Min(_session.Needed, _buffer.Capacity / 2)) return;
        if (isMine && partial <= _buffer.Capacity / 2 && _buffer.Capacity - partial >= _leastRoom)
        {
            Buffer.BlockCopy(_buffer.Bytes, _start, _buffer.Bytes, 0, partial);
        }
        else
        {
            if (partial > _buffer.Capacity / 2) (_usual, _emptyRounds) = (Math.Max(_usual, partial * 2), 0);
            ReceiveBuffer next = ReceiveBufferPool.TakeForSocket(_usual);
            Buffer.BlockCopy(_buffer.Bytes, _start, next.Bytes, 0, partial);
            _buffer.Release();
            _buffer = next;
        }

        (_start, _filled) = (0, partial);
    }

    /// <summary>Large messages were long ago: what they needed goes back.</summary>
    private void Shrink()
    {
        (_usual, _emptyRounds) = (_leastUsual, 0);
        _buffer.Release();
        _buffer = ReceiveBufferPool.TakeForSocket(_usual);
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

    /// <summary>Packets of the broker's size fit: twice into a buffer, so that a run that stays in one does not cost a buffer for each packet.</summary>
    private void UsePackets(int maxPacket)
    {
        if (maxPacket == 0) maxPacket = LeastRoom;
        Sender.MaxPacket = SendBuffer.Reserve(_socket, maxPacket);
        _leastRoom = maxPacket;
        _leastUsual = _usual = 2 * maxPacket;
    }

    void ISessionReceiver.OnRun(ReadOnlySpan<uint> sids, Guid sender, DeliverFlags flags, int offset, int length, int count)
    {
        if (sids.IsEmpty) _client.DeliverInbox(_buffer, offset, length, sender);
        foreach (uint sid in sids)
        {
            if (sid == InboxSid) _client.DeliverInbox(_buffer, offset, length, sender);
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
