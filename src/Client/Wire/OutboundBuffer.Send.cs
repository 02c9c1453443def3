using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The other end of the buffer: what a connection's sender takes, and what happens when connections come and go.
internal sealed partial class OutboundBuffer
{
    /// <summary>
    /// Takes everything that is buffered, for the one sender whose turn it is; false ends its turn. The bytes belong to the sender until
    /// its next call.
    /// </summary>
    public bool TryTake(SocketSender sender, out ReadOnlyMemory<byte> bytes)
    {
        TaskCompletionSource? signal;
        lock (_gate)
        {
            if (!ReferenceEquals(sender, _sender))
            {
                bytes = default;
                return false;
            }

            if (_length == 0)
            {
                _isSending = false;
                signal = _idle;
                _idle = null;
                bytes = default;
            }
            else
            {
                bytes = Swap();
                signal = _room;
                _room = null;
            }
        }

        signal?.TrySetResult();
        return bytes.Length > 0;
    }

    /// <summary>Ends the turn of a sender that wants to stop; false when more is buffered, so that another thread must continue.</summary>
    public bool TryEndTurn(SocketSender sender)
    {
        TaskCompletionSource? idle;
        lock (_gate)
        {
            if (!ReferenceEquals(sender, _sender)) return true;
            if (_length > 0) return false;
            _isSending = false;
            (idle, _idle) = (_idle, null);
        }

        idle?.TrySetResult();
        return true;
    }

    /// <summary>A new connection: its opening goes before the messages that waited for it.</summary>
    /// <param name="sender">The sender of the connection.</param>
    /// <param name="opening">Encoded control frames: the subscriptions. May be empty.</param>
    /// <param name="formerInbox">The prefix of the inbox that this client had before; empty if it had none.</param>
    /// <returns>A fence behind the opening; null when that is empty.</returns>
    public Fence? Attach(SocketSender sender, ReadOnlySpan<byte> opening, ReadOnlySpan<byte> formerInbox)
    {
        Fence? fence = null;
        lock (_gate)
        {
            KeepPublishes(formerInbox);
            byte[] waiting = _fill.AsSpan(0, _length).ToArray();
            _length = 0;
            _publishes = 0;
            Append(opening);
            if (!opening.IsEmpty) fence = AppendFence(FenceUse.Other);
            Append(waiting);
            _publishes = _bufferedPublishes;
            _sender = sender;
            _maxFrame = sender.MaxPacket;
            _isSending = true;
        }

        sender.Kick(isAwaited: true);
        return fence;
    }

    /// <summary>
    /// The connection has ended. Messages that its sender has not taken yet are kept; all other frames were meant for that connection and
    /// are removed. Publishes that were taken and not confirmed by a receipt are in doubt, until a flush has
    /// reported them (<see cref="MarkReported"/>).
    /// </summary>
    /// <param name="formerInbox">The prefix of the inbox that this client had on it.</param>
    /// <param name="abandoned">The fences that will never be passed.</param>
    /// <returns>How many publishes are in doubt.</returns>
    public long Detach(ReadOnlySpan<byte> formerInbox, out Fence[] abandoned)
    {
        TaskCompletionSource? room, idle;
        long inDoubt;
        lock (_gate)
        {
            inDoubt = _sender is null ? 0 : _publishes - _fences.Confirmed - _bufferedPublishes;
            abandoned = _fences.Abandon();
            _unreported += inDoubt;
            _sender = null;
            _isSending = false;
            _spare = [];
            KeepPublishes(formerInbox);
            (room, _room) = (_room, null);
            (idle, _idle) = (_idle, null);
        }

        room?.TrySetResult();
        idle?.TrySetResult();
        return inDoubt;
    }

    /// <summary>From here on only control frames are accepted.</summary>
    public void Close()
    {
        lock (_gate) _isClosed = true;
    }

    /// <summary>Drops what no sender will ever take, and returns the number of messages among it.</summary>
    public int Abandon()
    {
        lock (_gate)
        {
            int dropped = _bufferedPublishes;
            (_length, _bufferedPublishes) = (0, 0);
            return dropped;
        }
    }

    /// <summary>Completes when nothing is buffered and nothing is being sent.</summary>
    public Task WhenIdle()
    {
        lock (_gate)
        {
            if (_sender is null || (!_isSending && _length == 0)) return Task.CompletedTask;
            return (_idle ??= NewSignal()).Task;
        }
    }

    private ReadOnlyMemory<byte> Swap()
    {
        byte[] taken = _fill;
        int length = _length;
        _fill = _spare.Length > 0 && _spare.Length <= 4L * Math.Max(bound, FirstCapacity) ? _spare : new byte[FirstCapacity];
        _spare = taken;
        _length = 0;
        _bufferedPublishes = 0;
        return taken.AsMemory(0, length);
    }

    /// <summary>
    /// Keeps the messages, but not the requests: an answer to the former inbox can no longer arrive, and the caller was told that the
    /// request failed, so it must not be served after all. A request is known by its reply subject, the inbox and a number.
    /// </summary>
    private void KeepPublishes(ReadOnlySpan<byte> formerInbox)
    {
        int kept = 0, at = 0;
        while (at < _length)
        {
            Span<byte> frame = _fill.AsSpan(at, _length - at);
            FrameScanner.Scan(frame, Limits.Ceiling, out FrameHead head);
            frame = frame[..head.Length];
            at += head.Length;
            if (head.Kind != FrameKind.Publish || IsRequest(frame, head, formerInbox)) continue;
            frame.CopyTo(_fill.AsSpan(kept));
            kept += frame.Length;
        }

        _length = kept;
    }

    private static bool IsRequest(ReadOnlySpan<byte> frame, in FrameHead head, ReadOnlySpan<byte> inbox)
    {
        if (inbox.IsEmpty || head.ReplyLength <= 0) return false;
        ReadOnlySpan<byte> reply = frame.Slice(head.ReplyStart, head.ReplyLength);
        return reply.StartsWith(inbox) && PendingRequests.IsNumber(reply[inbox.Length..]);
    }
}
