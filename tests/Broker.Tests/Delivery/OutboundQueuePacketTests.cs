using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>The cuts of a queue whose socket keeps packets, against the plain list of what was appended as one.</summary>
public class OutboundQueuePacketTests
{
    private readonly SlabPool _pool = new(4096);
    private readonly PublisherAccount _account = new(Guid.Empty, PeerAccess.OfBroker, new Traffic());

    [Fact]
    public void Every_packet_ends_where_something_appended_ends_and_none_is_too_large()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var maxPacket = random.Next(3200, 20_000);
            var queue = new OutboundQueue(_pool, maxPacket);
            var ends = new HashSet<long> { 0 };
            var (appended, sent) = (new List<byte>(), new List<byte>());
            for (var step = 0; step < 100; step++)
            {
                switch (random.Next(4))
                {
                    case 0:
                        var frame = new byte[random.Next(1, 200)];
                        random.NextBytes(frame);
                        queue.Append(frame);
                        appended.AddRange(frame);
                        break;
                    case 1 or 2:
                        var publish = Frames.Publish("s", new byte[random.Next(2) == 0 ? random.Next(50) : random.Next(2000, 3000)]);
                        using (var run = new TestRun(_pool, _account, [publish])) queue.AppendDelivery([1], run.Run, 1);
                        appended.AddRange(new byte[(int)queue.Appended - appended.Count - publish.Length]);
                        appended.AddRange(publish);
                        break;
                    default:
                        if (random.Next(3) == 0) queue.CopyOut();
                        Send(queue, maxPacket, ends, sent, takes: random.Next(3) > 0);
                        break;
                }

                ends.Add(queue.Appended);
            }

            while (!queue.IsEmpty) Send(queue, maxPacket, ends, sent, takes: true);
            Assert.Equal(appended.Count, sent.Count);
            Assert.Equal(0, _pool.Leased);
        }
    }

    [Fact]
    public void A_packet_has_no_more_pieces_than_one_call_takes()
    {
        var queue = new OutboundQueue(_pool, 4 << 20);
        for (var i = 0; i < 1000; i++)
        {
            using var run = new TestRun(_pool, _account, [Frames.Publish("b", new byte[3000])]);
            queue.AppendDelivery([1], run.Run, 1);
        }

        var segments = new List<ArraySegment<byte>>();
        while (!queue.IsEmpty)
        {
            queue.Gather(segments, 64, 1 << 20);
            Assert.InRange(segments.Count, 1, 70);
            queue.Advance(segments.Sum(segment => segment.Count));
        }
    }

    // The kernel takes the whole packet or nothing.
    private static void Send(OutboundQueue queue, int maxPacket, HashSet<long> ends, List<byte> sent, bool takes)
    {
        var segments = new List<ArraySegment<byte>>();
        queue.Gather(segments, 64, 1 << 20);
        Assert.Equal(queue.IsEmpty, segments.Count == 0);
        byte[] packet = [.. segments.SelectMany(segment => segment)];
        Assert.True(packet.Length <= maxPacket);
        Assert.Contains(queue.Taken + packet.Length, ends);
        if (!takes) return;
        sent.AddRange(packet);
        queue.Advance(packet.Length);
    }
}
