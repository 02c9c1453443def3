using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>
/// A socket whose peer is the test: the kernel has room for so many bytes, takes at most so many in one call, and is gone when the
/// test says so. What it took is what the peer received.
/// </summary>
internal sealed class FakeSocket : IOutboundSocket
{
    private readonly List<byte> _received = [];

    /// <summary>How many more bytes the kernel takes before it is full.</summary>
    internal long Room { get; set; } = long.MaxValue;

    /// <summary>How many bytes one call takes at most.</summary>
    internal int MostPerCall { get; set; } = int.MaxValue;

    /// <summary>Where each call is kept as one packet, which is taken whole or not at all; null on a stream.</summary>
    internal List<byte[]>? Packets { get; set; }

    internal bool IsGone { get; set; }

    /// <summary>What others do while the next call is under way; null when nothing.</summary>
    internal Action? DuringCall { get; set; }

    internal int Calls { get; private set; }

    internal byte[] Received => [.. _received];

    internal byte[] TakeReceived()
    {
        byte[] received = [.. _received];
        _received.Clear();
        return received;
    }

    public SendOutcome TrySend(List<ArraySegment<byte>> segments, out int sent)
    {
        if (segments.Count == 0) Assert.Fail("nothing was sent");
        Calls++;
        sent = 0;
        var meanwhile = DuringCall;
        DuringCall = null;
        meanwhile?.Invoke();
        if (IsGone) return SendOutcome.Gone;
        if (Packets is not null) return SendPacket(Packets, segments, out sent);
        var most = Math.Min(Room, MostPerCall);
        foreach (var segment in segments)
        {
            if (segment.Count == 0) Assert.Fail("an empty piece was sent");
            var part = (int)Math.Min(segment.Count, most - sent);
            _received.AddRange(segment.AsSpan(0, part));
            sent += part;
        }

        Room -= sent;
        return Room == 0 ? SendOutcome.Full : SendOutcome.Sent;
    }

    private SendOutcome SendPacket(List<byte[]> packets, List<ArraySegment<byte>> segments, out int sent)
    {
        sent = 0;
        byte[] packet = [.. segments.SelectMany(segment => segment)];
        if (packet.Length > Room) return SendOutcome.Full;
        packets.Add(packet);
        _received.AddRange(packet);
        Room -= packet.Length;
        sent = packet.Length;
        return SendOutcome.Sent;
    }
}
