using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The bytes that are about to be sent to one connection, in order, and a ledger of the deliveries in them, so that deliveries which a
/// dying connection never took can be reported to their publishers. Small pieces are copied into the queue's own blocks; a large run is
/// kept by reference and sent from where it was received. Not thread-safe: its outbox guards it.
/// </summary>
/// <param name="pool">Where blocks come from.</param>
/// <param name="maxPacket">The most bytes of one packet; <see cref="int.MaxValue"/> on a stream, whose bytes may be cut anywhere.</param>
internal sealed partial class OutboundQueue(SlabPool pool, int maxPacket = int.MaxValue)
{
    /// <summary>Up to this size a copy costs less than a separate gather entry.</summary>
    private const int CopyLimit = 2048;

    /// <summary>
    /// How many receive buffers may be kept alive by pieces that are small parts of them; beyond that such pieces are copied as well.
    /// </summary>
    private const int MaxBorrowed = 32;

    private readonly Deque<Piece> _pieces = new();
    private readonly Deque<Entry> _ledger = new();
    private Blocks _blocks = new(pool);
    private Slab? _lastBorrowed;
    private long _borrowedBytes;

    /// <summary>How many bytes were ever appended.</summary>
    internal long Appended { get; private set; }

    /// <summary>How many of them have left the queue, sent or dropped.</summary>
    internal long Taken { get; private set; }

    /// <summary>Changes with every run that is appended, and with every send while deliveries wait.</summary>
    internal long Work { get; private set; }

    /// <summary>How many bytes wait.</summary>
    internal long Bytes => Appended - Taken;

    internal bool IsEmpty => Appended == Taken;

    /// <summary>
    /// Appends the run with its DELIVER header and enters the deliveries in the ledger. On a connection of packets, header and run fit one
    /// packet.
    /// </summary>
    internal void AppendDelivery(ReadOnlySpan<uint> sids, in Run run, uint deliveries)
    {
        var (start, pieces) = (Appended, _piecesPushed);
        var isCopied = run.Length <= CopyLimit || !MayBorrow(run);

        // All memory is allocated before anything is appended: after a failure in between, the recipient would see a DELIVER without its
        // messages.
        var room = _blocks.Reserve(FrameWriter.MaxDeliverHeader(sids.Length) + (isCopied ? run.Length : 0));
        if (!isCopied) _pieces.Reserve(2);
        _ledger.Reserve(1);
        var written = FrameWriter.WriteDeliver(room, sids, run.Account.Sender, run.Count, run.Traits.Flags);
        if (isCopied)
        {
            run.Bytes.CopyTo(room[written..]);
            written += run.Length;
        }

        TakeWritten(written);
        if (!isCopied) Borrow(run);
        Work++;
        _ledger.PushBack(new Entry(Appended, run.Account, deliveries));
        EndUnit(start, pieces);
    }

    /// <summary>Appends a copy of one frame.</summary>
    internal void Append(ReadOnlySpan<byte> frame)
    {
        var (start, pieces) = (Appended, _piecesPushed);
        frame.CopyTo(_blocks.Reserve(frame.Length));
        TakeWritten(frame.Length);
        EndUnit(start, pieces);
    }

    // Extends the last piece when the new bytes directly follow it in the block.
    private void TakeWritten(int bytes)
    {
        var (block, start) = (_blocks.Block, _blocks.Take(bytes));
        if (_pieces.Count > 0 && _pieces.Back is { IsOwn: true } last && last.Slab == block && last.End == start)
            _pieces.Back = last with { End = start + bytes };
        else
        {
            block.Retain();
            Push(new Piece(block, start, start + bytes, IsOwn: true));
        }

        Appended += bytes;
    }

    /// <summary>
    /// Lists the pieces at the front for one gathered send, or those of the next packet. The memory stays valid until
    /// <see cref="Advance"/>.
    /// </summary>
    internal void Gather(List<ArraySegment<byte>> segments, int maxSegments, int maxBytes)
    {
        if (_packets is { } packets)
        {
            GatherPacket(packets, segments);
            return;
        }

        segments.Clear();
        for (var i = 0; i < _pieces.Count && segments.Count < maxSegments && maxBytes > 0; i++)
        {
            ref readonly var piece = ref _pieces[i];
            segments.Add(new ArraySegment<byte>(piece.Slab.Bytes, piece.Start, piece.End - piece.Start));
            maxBytes -= piece.End - piece.Start;
        }
    }

    /// <summary>Removes the bytes that the kernel took from the front.</summary>
    internal void Advance(int bytes)
    {
        Taken += bytes;
        if (bytes > 0 && _ledger.Count > 0) Work++;
        while (bytes > 0)
        {
            ref var piece = ref _pieces[0];
            var length = piece.End - piece.Start;
            if (bytes < length)
            {
                piece = piece with { Start = piece.Start + bytes };
                break;
            }

            bytes -= length;
            PopPiece();
        }

        while (_ledger.Count > 0 && _ledger[0].End <= Taken) _ledger.PopFront();
        while (_packets is { Count: > 0 } packets && packets[0].End <= Taken) packets.PopFront();
        if (IsEmpty) _blocks.Release();
    }

    /// <summary>
    /// Copies pieces that use less than half of a slab out of it, once, so that a recipient which does not read cannot keep many times its
    /// bound alive through slices of other connections' buffers. Only while no send is under way.
    /// </summary>
    internal void CopyOut()
    {
        for (var i = 0; i < _pieces.Count; i++)
        {
            ref var piece = ref _pieces[i];
            var length = piece.End - piece.Start;
            if (piece.IsOwn || length > piece.Slab.Bytes.Length / 2) continue;
            var own = pool.Rent(length);
            piece.Slab.Bytes.AsSpan(piece.Start, length).CopyTo(own.Bytes);
            piece.Slab.Release();
            _borrowedBytes -= piece.Borrowed;
            piece = new Piece(own, 0, length, IsOwn: true);
        }

        _lastBorrowed = null;
    }

    /// <summary>
    /// Drops everything; deliveries that the kernel has not taken completely are counted as dropped in their publishers' accounts.
    /// </summary>
    internal void Clear()
    {
        while (_ledger.Count > 0)
        {
            _ledger[0].Account.Dropped(_ledger[0].Deliveries, DropReason.ConnectionEnded);
            _ledger.PopFront();
        }

        while (_pieces.Count > 0) PopPiece();
        while (_packets is { Count: > 0 } packets) packets.PopFront();
        Taken = Appended;
        _blocks.Release();
    }

    // A run that is most of its slab always stays there.
    private bool MayBorrow(in Run run) =>
        run.Length > run.Slab.Bytes.Length / 2 || _borrowedBytes + Borrowed(run) <= (long)MaxBorrowed * pool.SlabBytes;

    // Neighbours in one slab are counted once.
    private int Borrowed(in Run run) => run.Slab == _lastBorrowed ? 0 : run.Slab.Bytes.Length;

    private void Borrow(in Run run)
    {
        var borrowed = Borrowed(run);
        run.Slab.Retain();
        Push(new Piece(run.Slab, run.Start, run.Start + run.Length, IsOwn: false, borrowed));
        _lastBorrowed = run.Slab;
        _borrowedBytes += borrowed;
        Appended += run.Length;
    }

    private void Push(in Piece piece)
    {
        _pieces.PushBack(piece);
        _piecesPushed++;
    }

    private void PopPiece()
    {
        ref readonly var piece = ref _pieces[0];
        piece.Slab.Release();
        _borrowedBytes -= piece.Borrowed;
        _pieces.PopFront();
        if (_pieces.Count == 0) _lastBorrowed = null;
    }

    // Borrowed is how many bytes of another connection's slab it keeps alive; 0 when its neighbour counts for the same slab.
    private readonly record struct Piece(Slab Slab, int Start, int End, bool IsOwn, int Borrowed = 0);

    private readonly record struct Entry(long End, PublisherAccount Account, uint Deliveries);
}
