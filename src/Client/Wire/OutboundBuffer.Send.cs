using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The other end of the buffer: what a connection's sender takes, and what happens when connections come and go.
internal sealed partial class OutboundBuffer
{
    /// <summary>
    /// Takes everything that lies here, for the one sender whose turn it is; false ends its turn. The bytes are its own until it asks again.
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

    /// <summary>Ends the turn of a sender that wants to stop; false when more lies here, so that somebody must go on in its place.</summary>
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

    /// <summary>A connection is there: what it must say first goes before the messages that waited, which are kept.</summary>
    /// <param name="sender">The way out.</param>
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
            _publishes = _publishesHere;
            _sender = sender;
            _maxFrame = sender.MaxPacket;
            _isSending = true;
        }

        sender.Kick(isAwaited: true);
        return fence;
    }

    /// <summary>
    /// The connection is gone. Messages that nobody took yet stay; whatever else lies here meant the old connection and goes. Publishes that were
    /// taken and not settled by a receipt are in doubt.
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
            inDoubt = _sender is null ? 0 : _publishes - _fences.Settled - _publishesHere;
            abandoned = _fences.Abandon();
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

    /// <summary>From here on nothing is taken any more but control frames.</summary>
    public void Close()
    {
        lock (_gate) _isClosed = true;
    }

    /// <summary>Drops what no sender will ever take. Gives the number of messages among it.</summary>
    public int Abandon()
    {
        lock (_gate)
        {
            int dropped = _publishesHere;
            (_length, _publishesHere) = (0, 0);
            return dropped;
        }
    }

    /// <summary>Completes when nothing lies here and nothing is being sent.</summary>
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
        _publishesHere = 0;
        return taken.AsMemory(0, length);
    }

    /// <summary>
    /// Keeps the messages, but not the requests: an answer to the former inbox could not come any more, and whoever waited for it was told that the
    /// request failed, so it must not be served after all.
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
            bool isPublish = head.Kind == FrameKind.Publish;
            if (isPublish && (formerInbox.IsEmpty || head.ReplyLength <= 0 || !frame[head.ReplyStart..].StartsWith(formerInbox)))
            {
                frame.CopyTo(_fill.AsSpan(kept));
                kept += frame.Length;
            }
            else if (isPublish)
            {
                _publishesHere--;
            }
        }

        _length = kept;
    }
}
