using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Where everything that a client sends is encoded: publishers on any thread write their frames under one short lock straight into one buffer, and
/// whoever sends takes the whole buffer and leaves an empty one, so that many publishes become one write and the order of each thread's publishes is
/// the order of the wire. It outlives connections: publishes made while the connection is away wait here.
/// <para>A message is always taken at once or refused at once; what waits is only the caller, while more than the bound lies here.</para>
/// </summary>
/// <param name="bound">So many bytes may lie here before publishers are asked to wait.</param>
/// <param name="hardBound">So many bytes may lie here before messages are refused; of publishers who wait when they are asked to, none is while there is a connection.</param>
internal sealed partial class OutboundBuffer(int bound, int hardBound)
{
    private const int FirstCapacity = 16 * 1024;
    private readonly Lock _gate = new();
    private readonly FenceQueue _fences = new();
    private byte[] _fill = new byte[FirstCapacity];
    private byte[] _spare = [];
    private int _length;
    private int _publishesHere;
    private long _publishes;
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
    /// <param name="isAwaited">Whether the caller is going to wait for an answer, so that nothing is gained by collecting more.</param>
    /// <param name="room">When the caller should wait before it publishes more: completes when there is room again. Else null.</param>
    public AppendResult Publish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, bool isAwaited, out Task? room)
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
            _publishes++;
            _publishesHere++;
            if (_length > bound && _sender is not null) room = (_room ??= NewSignal()).Task;
            kick = TakeTurn();
        }

        kick?.Kick(isAwaited);
        return AppendResult.Taken;
    }

    /// <summary>The most bytes of one frame on the current or last connection, where that keeps packets.</summary>
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
            lock (_gate) return _sender is not null || _publishesHere > 0;
        }
    }

    /// <summary>How many bytes wait here.</summary>
    public int Length
    {
        get
        {
            lock (_gate) return _length;
        }
    }

    /// <summary>
    /// One message is let in, however large it is, when nobody was asked to wait; while away, where nobody is, when nothing else lies here, and with a
    /// bound of 0 not even then.
    /// </summary>
    private bool IsOverHardBound() => _sender is null ? _length > 0 || hardBound == 0 : _length > bound;

    /// <summary>Room for so many bytes at the end of what lies here; the caller adds what it used to the length.</summary>
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

/// <summary>What became of a message handed to an <see cref="OutboundBuffer"/>.</summary>
internal enum AppendResult : byte
{
    /// <summary>It lies in the buffer.</summary>
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
