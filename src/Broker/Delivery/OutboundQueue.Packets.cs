namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Where the bytes may be cut into packets, on a socket that keeps them: only behind a whole frame, and not between a DELIVER and its messages, so
/// that each packet can be read alone. As much as fits goes into one packet. A packet that is being sent may still grow behind; what it had
/// ends at a cut, and so does the rest.
/// </summary>
internal sealed partial class OutboundQueue
{
    /// <summary>The pieces of one packet have to go in one call, which takes 1024; pinning costs per piece.</summary>
    private const int MostPiecesInPacket = 64;

    private readonly Deque<Packet>? _packets = maxPacket == int.MaxValue ? null : new Deque<Packet>();
    private long _piecesPushed;

    // What was appended since is one unit: it stays together.
    private void EndUnit(long start, long piecesBefore)
    {
        if (_packets is null || Appended == start) return;
        if (_packets.Count > 0 && _packets.Back is var last && Appended - last.Start <= maxPacket && _piecesPushed - last.FirstPiece <= MostPiecesInPacket)
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
