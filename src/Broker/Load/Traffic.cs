using UdsBroker.Protocol;

namespace UdsBroker.Broker.Load;

/// <summary>
/// What has gone through one broker since its start: plain counts that only grow. Every connection adds to them once per received buffer
/// and per send, not per message, so that they cost the data path nothing measurable. Thread-safe; the counts are read one by one, so a
/// reader may see one slightly older than another.
/// </summary>
internal sealed class Traffic
{
    private readonly long[] _dropped = new long[DropReasons.All.Count];
    private readonly long[] _limits = new long[LimitKeys.All.Count];
    private readonly long[] _ended = new long[byte.MaxValue + 1];
    private long _accepted;
    private long _bytesReceived;
    private long _bytesSent;
    private long _published;
    private long _matched;
    private long _datagramsRefused;

    /// <summary>Bytes of frames that were received and processed.</summary>
    internal long BytesReceived => Interlocked.Read(ref _bytesReceived);

    /// <summary>Bytes that the kernel took for recipients.</summary>
    internal long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Messages that were routed, also those that matched nobody.</summary>
    internal long Published => Interlocked.Read(ref _published);

    /// <summary>Deliveries that were made of them, one for each message and subscription.</summary>
    internal long Matched => Interlocked.Read(ref _matched);

    /// <summary>Deliveries that were dropped for that reason.</summary>
    internal long DroppedFor(DropReason reason) => Interlocked.Read(ref _dropped[(int)reason]);

    /// <summary>How often that limit was hit.</summary>
    internal long HitsOf(Limit limit) => Interlocked.Read(ref _limits[(int)limit]);

    /// <summary>Connections that were accepted, also those that were refused at once.</summary>
    internal long ConnectionsAccepted => Interlocked.Read(ref _accepted);

    /// <summary>Connections that ended for that reason.</summary>
    internal long ConnectionsEndedFor(CloseReason reason) => Interlocked.Read(ref _ended[(byte)reason]);

    /// <summary>Connections at this moment.</summary>
    internal long ConnectionsOpen
    {
        get
        {
            long ended = 0;
            for (var reason = 0; reason < _ended.Length; reason++) ended += Interlocked.Read(ref _ended[reason]);
            return Math.Max(0, ConnectionsAccepted - ended);
        }
    }

    /// <summary>Datagrams that were not read because something was wrong with them.</summary>
    internal long DatagramsRefused => Interlocked.Read(ref _datagramsRefused);

    internal void DatagramRefused() => Interlocked.Increment(ref _datagramsRefused);

    internal void ConnectionAccepted() => Interlocked.Increment(ref _accepted);

    internal void ConnectionEnded(CloseReason reason) => Interlocked.Increment(ref _ended[(byte)reason]);

    internal void Received(long bytes, long published, long matched)
    {
        Interlocked.Add(ref _bytesReceived, bytes);
        if (published == 0) return;
        Interlocked.Add(ref _published, published);
        Interlocked.Add(ref _matched, matched);
    }

    /// <summary>Deliveries of messages that were counted as published before.</summary>
    internal void MatchedLater(long matched) => Interlocked.Add(ref _matched, matched);

    internal void Sent(int bytes) => Interlocked.Add(ref _bytesSent, bytes);

    /// <summary>Counts that a limit was hit and enforced.</summary>
    internal void Hit(Limit limit) => Interlocked.Increment(ref _limits[(int)limit]);

    internal void Dropped(uint deliveries, DropReason reason) => Interlocked.Add(ref _dropped[(int)reason], deliveries);
}
