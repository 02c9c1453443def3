using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// The buffer into which everything that a client sends is encoded. Publishers on any thread write their frames under one short lock; the
/// sender takes the whole buffer and leaves an empty one, so that many publishes become one write, and each thread's publishes keep their
/// order on the wire. It outlives connections: publishes made while the connection is away wait here.
/// <para>A message is accepted or refused at once; only the caller waits, while more than the bound is buffered.</para>
/// </summary>
/// <param name="bound">The bytes that may be buffered before publishers are asked to wait.</param>
/// <param name="hardBound">
/// The bytes that may be buffered before messages are refused. A publisher that waits when asked to is never refused while there is a
/// connection.
/// </param>
internal sealed partial class OutboundBuffer(int bound, int hardBound)
{
    private const int FirstCapacity = 16 * 1024;
    private readonly Lock _gate = new();
    private readonly FenceQueue _fences = new();
    private byte[] _fill = new byte[FirstCapacity];
    private byte[] _spare = [];
    private int _length;
    private int _bufferedPublishes;
    private long _publishes;
    private long _unreported;
    private int _maxFrame = int.MaxValue;
    private SocketSender? _sender;
    private bool _isSending;
    private bool _isClosed;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;

    /// <summary>Encodes a message.</summary>
    /// <param name="subject">A well-formed subject.</param>
    /// <param name="reply">A well-formed reply subject, or nothing.</param>
    /// <param name="headers">An encoded header map, or nothing.</param>
    /// <param name="payload">The payload; copied before the call returns.</param>
    /// <param name="use">The purpose of the message.</param>
    /// <param name="room">When the caller should wait before it publishes more: completes when there is room again. Else null.</param>
    public AppendResult Publish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, PublishUse use, out Task? room)
    {
        int size = payload.Length + FrameWriter.PublishOverhead(subject.Length, reply.IsEmpty ? -1 : reply.Length, headers.Length, payload.Length);
        SocketSender? kick;
        room = null;
        lock (_gate)
        {
            if (_isClosed) return AppendResult.Closed;
            if (size > _maxFrame) return AppendResult.TooLarge;
            if (_length + (long)size > hardBound && IsOverHardBound()) return _sender is null ? AppendResult.FullWhileAway : AppendResult.Full;
            Span<byte> space = Reserve(size);
            _length += FrameWriter.WritePublish(space, subject, reply, headers, payload);
            if (use == PublishUse.Message)
            {
                _publishes++;
                _bufferedPublishes++;
            }

            if (_length > bound && _sender is not null) room = (_room ??= NewSignal()).Task;
            kick = TakeTurn();
        }

        kick?.Kick(isAwaited: use == PublishUse.LoneRequest);
        return AppendResult.Taken;
    }

    /// <summary>The most bytes of one frame on the current or last connection, if that preserves packets.</summary>
    public int MaxFrame
    {
        get
        {
            lock (_gate) return _maxFrame;
        }
    }

    /// <summary>True when something may not have been routed yet: there is a connection, or messages wait for one.</summary>
    public bool MayHaveUnrouted
    {
        get
        {
            lock (_gate) return _sender is not null || _bufferedPublishes > 0;
        }
    }

    /// <summary>How many bytes are buffered.</summary>
    public int Length
    {
        get
        {
            lock (_gate) return _length;
        }
    }

    /// <summary>
    /// With a connection, one message of any size is accepted while nobody was asked to wait. While away, it is accepted only when nothing
    /// else is buffered, and with a bound of 0 not even then.
    /// </summary>
    private bool IsOverHardBound() => _sender is null ? _length > 0 || hardBound == 0 : _length > bound;

    /// <summary>Room for this many bytes at the end of the buffer; the caller adds what it used to the length.</summary>
    private Span<byte> Reserve(int size)
    {
        if (_fill.Length - _length < size) Grow(size);
        return _fill.AsSpan(_length);
    }

    private void Grow(int size)
    {
        long wanted = Math.Max((long)_length + size, Math.Min(2L * _fill.Length, Array.MaxLength));
        byte[] larger = GC.AllocateUninitializedArray<byte>(checked((int)wanted));
        _fill.AsSpan(0, _length).CopyTo(larger);
        _fill = larger;
    }

    /// <summary>Under the lock, after appending: the sender that the caller must kick, when there is one and nobody is sending.</summary>
    private SocketSender? TakeTurn()
    {
        if (_isSending || _sender is null) return null;
        _isSending = true;
        return _sender;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The purpose of a message, which decides how soon it is sent and who learns what became of it.</summary>
internal enum PublishUse : byte
{
    /// <summary>Anything but a request: counted until a receipt confirms it.</summary>
    Message,

    /// <summary>A request, whose own caller learns how it ends.</summary>
    Request,

    /// <summary>A request with no other under way: its caller waits, so nothing is gained by collecting more before sending.</summary>
    LoneRequest,
}

/// <summary>What became of a message handed to an <see cref="OutboundBuffer"/>.</summary>
internal enum AppendResult : byte
{
    /// <summary>It is in the buffer.</summary>
    Taken,

    /// <summary>Refused: too much waits for the socket.</summary>
    Full,

    /// <summary>Refused: too much waits for the next connection.</summary>
    FullWhileAway,

    /// <summary>Refused: the client is closing or closed.</summary>
    Closed,

    /// <summary>Refused: no packet of the connection holds it.</summary>
    TooLarge,
}
