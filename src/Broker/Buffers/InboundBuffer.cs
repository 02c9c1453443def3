namespace UdsBroker.Broker.Buffers;

/// <summary>
/// The bytes of one connection between its socket and its scanner: the socket stage fills the free end, the scanner consumes
/// from the front and leaves the beginning of an unfinished frame behind. While nothing is unfinished an idle connection holds
/// no memory at all. A frame larger than a slab moves to a larger one as its bytes arrive, at most doubling, regardless of the length that
/// its header announces; the next large frame of the connection then begins with that size. While the rest of a frame is waited for, its
/// beginning is parked in a slab of its own size, so that ten thousand peers with an unfinished frame hold only what they sent and not ten
/// thousand receive buffers. Not thread-safe: both stages run in one actor.
/// </summary>
/// <remarks>
/// While the rest of a large frame is received, no more than that is requested, so that the next frame begins in memory of its own and
/// nothing of a steady stream of large frames is copied.
/// </remarks>
/// <param name="pool">Where its memory comes from.</param>
/// <param name="meter">Is charged for the memory of an unfinished frame while its rest is waited for; null for no accounting.</param>
internal sealed class InboundBuffer(SlabPool pool, MemoryMeter? meter = null)
{
    /// <summary>A rest of less than this fraction of a receive buffer is copied, so that the buffer can be returned.</summary>
    private const int ParkedShare = 16;

    private Slab? _slab;
    private int _start;
    private int _end;
    private int _frameLength;
    private int _largest;
    private bool _hasLargeArrived;
    private int _usual = pool.SlabBytes;
    private int _charged;

    private bool IsParked => _slab is not null && _slab.Bytes.Length < pool.SlabBytes;

    /// <summary>The slab that holds the unread bytes; a recipient that keeps a slice retains it.</summary>
    internal Slab Slab => _slab ?? throw new InvalidOperationException("There are no bytes.");

    /// <summary>Where the unread bytes begin in the slab.</summary>
    internal int Start => _start;

    /// <summary>The received bytes that are not consumed yet; valid until the next <see cref="FreeSpace()"/>.</summary>
    internal ReadOnlySpan<byte> Unread => _slab is null ? default : _slab.Bytes.AsSpan(_start, _end - _start);

    internal int UnreadLength => _end - _start;

    /// <summary>Sets the least length that the unfinished frame at the front will have; it only bounds the growth.</summary>
    internal void Expect(int frameLength)
    {
        _frameLength = frameLength;
        if (frameLength > pool.SlabBytes && frameLength > _largest) _largest = frameLength;
    }

    /// <summary>
    /// Charges the memory that a large frame needs next before it is allocated, and returns whether the broker has room for it. If not, ask
    /// again later: meanwhile the heaviest connections are shed, possibly this one.
    /// </summary>
    internal bool HasRoomToGrow()
    {
        if (_slab is null || _start == _end || HasRoom(_frameLength) || FitsInFront || NextSize <= pool.SlabBytes || meter is null) return true;
        Charge(NextSize);
        return !meter.Root.IsExceeded;
    }

    /// <summary>Room for the next receive, never empty.</summary>
    internal Memory<byte> FreeSpace()
    {
        if (_slab is null) Begin();
        else if (_start == _end && (_slab.IsUnshared || _hasLargeArrived || _end == _slab.Bytes.Length)) BeginAgain();
        else if (IsParked || !HasRoom(_frameLength)) MoveOn();
        var free = _slab!.Bytes.AsMemory(_end);
        var rest = _frameLength - UnreadLength;
        return UnreadLength > 0 && _frameLength > pool.SlabBytes && rest > 0 && rest < free.Length ? free[..rest] : free;
    }

    /// <summary>
    /// Room for exactly this many bytes, the largest packet; packets hold whole frames, so everything before has been consumed.
    /// </summary>
    internal Memory<byte> FreeSpace(int packet)
    {
        if (_slab is not null && _slab.IsUnshared) _start = _end = 0;
        else if (_slab is null || _slab.Bytes.Length - _end < packet)
        {
            _slab?.Release();
            Adopt(pool.Rent(packet), 0);
        }

        return _slab!.Bytes.AsMemory(_end, packet);
    }

    /// <summary>
    /// Reports received bytes. If the frame is whole with them, it is not charged here any more but where it is routed to.
    /// </summary>
    internal void Filled(int bytes)
    {
        _end += bytes;
        if (UnreadLength >= _frameLength) Charge(0);
    }

    /// <summary>How many bytes were ever consumed.</summary>
    internal long Consumed { get; private set; }

    internal void Consume(int bytes)
    {
        _start += bytes;
        Consumed += bytes;
        _hasLargeArrived |= bytes >= _largest && _largest > 0;
    }

    /// <summary>
    /// Returns the slab when everything is consumed, else parks and charges what is left. Called before waiting on the socket.
    /// </summary>
    internal void ReleaseIfEmpty()
    {
        if (_start == _end)
        {
            Release();
            return;
        }

        if (UnreadLength <= pool.SlabBytes / ParkedShare && !IsParked) MoveTo(pool.Rent(UnreadLength));
        Charge(_slab!.Bytes.Length);
    }

    /// <summary>Releases all memory; unread bytes are lost.</summary>
    internal void Release()
    {
        UpdateUsualSize();
        _slab?.Release();
        _slab = null;
        _start = _end = 0;
        Charge(0);
    }

    // An unfinished frame moves at once when this slab cannot hold all of it. Otherwise the unread bytes stay while the rest of the slab is
    // worth a system call, or while copying them would cost more.
    private bool HasRoom(int frameLength)
    {
        var size = _slab!.Bytes.Length;
        var free = size - _end;
        if (frameLength > UnreadLength && frameLength <= size && free < frameLength - UnreadLength) return false;
        return free >= size / 4 || (free > 0 && UnreadLength >= size / 2);
    }

    // With nothing unread: as large as the large frames in the last slab that received anything, or the usual size.
    private void Begin() => Adopt(pool.RentWhole(_usual), 0);

    // A slab that is returned without having received anything says nothing about what comes next.
    private void UpdateUsualSize()
    {
        if (_end == 0) return;
        _usual = _hasLargeArrived ? Math.Min(_largest, SlabPool.LargestWhole) : pool.SlabBytes;
        (_largest, _hasLargeArrived) = (0, false);
    }

    private void BeginAgain()
    {
        var isFit = _hasLargeArrived ? _slab!.Bytes.Length >= _largest : _slab!.Bytes.Length == pool.SlabBytes;
        UpdateUsualSize();
        if (isFit && _slab.IsUnshared)
        {
            _start = _end = 0;
            return;
        }

        _slab.Release();
        Begin();
    }

    private bool FitsInFront => !IsParked && _slab!.IsUnshared && Math.Max(_frameLength, UnreadLength * 2L) <= _slab.Bytes.Length;

    // At most twice what has arrived, whatever length the frame announces.
    private int NextSize
    {
        get
        {
            var twice = UnreadLength * 2L;
            if (twice <= _usual) return _usual;
            var isLengthKnown = _frameLength > UnreadLength + (long)pool.SlabBytes;
            return (int)Math.Min(twice, isLengthKnown ? _frameLength : Array.MaxLength);
        }
    }

    private void MoveOn()
    {
        if (FitsInFront)
        {
            var unread = UnreadLength;
            Unread.CopyTo(_slab!.Bytes);
            Adopt(_slab, unread);
            return;
        }

        var size = NextSize;
        MoveTo(size == _usual ? pool.RentWhole(size) : pool.Rent(size));
    }

    private void MoveTo(Slab next)
    {
        var unread = UnreadLength;
        Unread.CopyTo(next.Bytes);
        _slab!.Release();
        Adopt(next, unread);
    }

    private void Charge(int bytes)
    {
        if (bytes == _charged) return;
        meter?.Add(bytes - _charged);
        _charged = bytes;
    }

    private void Adopt(Slab slab, int length)
    {
        _slab = slab;
        _start = 0;
        _end = length;
    }
}
