namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Divides the bytes into packets, on a socket that preserves them: only after a whole frame, and not between a DELIVER and its messages,
/// so that each packet can be read alone. As much as fits goes into one packet. A packet that is being sent may still grow at its end; what
/// was passed to the kernel ends at a valid cut, and so does the rest.
/// </summary>
internal sealed partial class OutboundQueue
{
    /// <summary>The most pieces of a packet. They have to go in one system call, which takes up to 1024; pinning costs per piece.</summary>
    private const int MaxPiecesInPacket = 64;

    private readonly Deque<Packet>? _packets = maxPacket == int.MaxValue ? null : new Deque<Packet>();
    private long _piecesPushed;

    // Everything appended since the start is one unit that stays together.
    private void EndUnit(long start, long piecesBefore)
    {
        if (_packets is null || Appended == start) return;
        if (_packets.Count > 0 && _packets.Back is var last && Appended - last.Start <= maxPacket && _piecesPushed - last.FirstPiece <= MaxPiecesInPacket)
            _packets.Back = last with { End = Appended };
        else
            _packets.PushBack(new Packet(start, Appended, piecesBefore));
    }

    private void GatherPacket(Deque<Packet> packets, List<ArraySegment<byte>> segments)
    {
        segments.Clear();
        if (packets.Count == 0) return;
        var left = (int)(packets[0].End - Taken);
        for (var i = 0; left > 0; i++)
        {
            ref readonly var piece = ref _pieces[i];
            var length = Math.Min(left, piece.End - piece.Start);
            segments.Add(new ArraySegment<byte>(piece.Slab.Bytes, piece.Start, length));
            left -= length;
        }
    }

    // FirstPiece is how many pieces were pushed before it; the first of its own may have begun before that.
    private readonly record struct Packet(long Start, long End, long FirstPiece);
}
