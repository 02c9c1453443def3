using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>The bytes on their way to one connection, against a plain list of bytes, and the ledger of whose deliveries they are.</summary>
public class OutboundQueueTests
{
    private readonly SlabPool _pool = new(4096);
    private readonly PublisherAccount _account = new(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), PeerAccess.OfBroker, new Traffic());

    [Fact]
    public void The_bytes_sent_are_those_appended_however_they_are_cut_and_copied()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var queue = new OutboundQueue(_pool);
            var (expected, actual) = (new List<byte>(), new List<byte>());
            for (var step = 0; step < 100; step++)
            {
                switch (random.Next(5))
                {
                    case 0:
                        var reply = RandomBytes(random, random.Next(1, 200));
                        queue.Append(reply);
                        expected.AddRange(reply);
                        break;
                    case 1 or 2:
                        expected.AddRange(Deliver(queue, random));
                        break;
                    case 3:
                        Send(queue, random.Next(1, 6000), actual);
                        break;
                    default:
                        queue.CopyOut();
                        break;
                }

                Assert.Equal(expected.Count - actual.Count, queue.Bytes);
                Assert.Equal(expected.Count == actual.Count, queue.IsEmpty);
            }

            while (!queue.IsEmpty) Send(queue, 5000, actual);
            Assert.True(expected.SequenceEqual(actual), $"seed {seed}");
            Assert.Equal(0, _pool.Leased);
            Assert.Equal(default, _account.TakeReceipt());
        }
    }

    [Fact]
    public void A_send_that_stops_at_any_offset_goes_on_there()
    {
        byte[][] frames = [Frames.Publish("a", "small"), Frames.Publish("b", new byte[2500])];
        for (var cut = 1; cut < 2700; cut++)
        {
            var queue = new OutboundQueue(_pool);
            var expected = new List<byte>();
            foreach (var frame in frames)
            {
                using var run = new TestRun(_pool, _account, [frame]);
                queue.AppendDelivery([7], run.Run, 1);
                expected.AddRange([.. DeliverHeader(1), .. frame]);
            }

            var actual = new List<byte>();
            Send(queue, Math.Min(cut, expected.Count), actual);
            Send(queue, int.MaxValue, actual);
            Assert.True(expected.SequenceEqual(actual), $"cut at {cut}");
            Assert.Equal(0, _pool.Leased);
        }
    }

    [Fact]
    public void A_large_run_is_sent_from_where_it_was_received()
    {
        var queue = new OutboundQueue(_pool);
        using var run = new TestRun(_pool, _account, [Frames.Publish("b", new byte[3000])]);
        queue.AppendDelivery([1], run.Run, 1);

        var segments = new List<ArraySegment<byte>>();
        queue.Gather(segments, 10, int.MaxValue);

        Assert.Same(run.Run.Slab.Bytes, segments[^1].Array);
        queue.Clear();
        Assert.Equal(1, _pool.Leased);
    }

    [Fact]
    public void Parts_of_many_buffers_do_not_keep_them_all_alive()
    {
        var pool = new SlabPool(65536);
        var queue = new OutboundQueue(pool);
        for (var i = 0; i < 400; i++)
        {
            using var run = new TestRun(pool, _account, [Frames.Publish("b", new byte[2500])], slabBytes: 65536);
            queue.AppendDelivery([1], run.Run, 1);
        }

        Assert.InRange(pool.Leased, 1, 64);
        queue.CopyOut();
        Assert.True(queue.Bytes > 1_000_000);
        queue.Clear();
        Assert.Equal(0, pool.Leased);
    }

    [Fact]
    public void A_run_that_fills_more_than_half_of_its_buffer_stays_there_and_a_smaller_one_is_copied_out()
    {
        var pool = new SlabPool(65536);
        var queue = new OutboundQueue(pool);
        using var most = new TestRun(pool, _account, [Frames.Publish("a", new byte[40_000])], slabBytes: 65536);
        using var part = new TestRun(pool, _account, [Frames.Publish("b", new byte[2500])], slabBytes: 65536);
        queue.AppendDelivery([1], most.Run, 1);
        queue.AppendDelivery([1], part.Run, 1);

        var before = BuffersOf(queue);
        Assert.Contains(most.Run.Slab.Bytes, before);
        Assert.Contains(part.Run.Slab.Bytes, before);
        queue.CopyOut();
        var after = BuffersOf(queue);
        Assert.Contains(most.Run.Slab.Bytes, after);
        Assert.DoesNotContain(part.Run.Slab.Bytes, after);
        queue.Clear();

        static List<byte[]> BuffersOf(OutboundQueue queue)
        {
            var segments = new List<ArraySegment<byte>>();
            queue.Gather(segments, 64, int.MaxValue);
            return [.. segments.Select(segment => segment.Array!)];
        }
    }

    [Fact]
    public void Cleared_deliveries_that_were_not_wholly_taken_are_dropped_in_their_publishers_accounts()
    {
        var other = new PublisherAccount(Guid.Empty, PeerAccess.OfBroker, new Traffic());
        for (var taken = 0; taken < 300; taken++)
        {
            var queue = new OutboundQueue(_pool);
            using var first = new TestRun(_pool, _account, [Frames.Publish("a", "1"), Frames.Publish("a", "2")]);
            using var second = new TestRun(_pool, other, [Frames.Publish("a", new byte[100])]);
            queue.AppendDelivery([1, 2], first.Run, 4);
            var firstEnd = queue.Bytes;
            queue.AppendDelivery([1], second.Run, 1);
            if (taken > queue.Bytes)
            {
                queue.Clear();
                break;
            }

            Send(queue, taken, []);
            queue.Clear();

            Assert.Equal(new Receipt(0, 0, taken < firstEnd ? 4u : 0), _account.TakeReceipt());
            Assert.Equal(new Receipt(0, 0, taken < queue.Appended ? 1u : 0), other.TakeReceipt());
            Assert.True(queue.IsEmpty);
        }

        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public void Work_changes_with_deliveries_and_each_part_of_them_that_is_sent_and_not_with_answers()
    {
        var queue = new OutboundQueue(_pool);
        queue.Append(RandomBytes(new Random(1), 20));
        Send(queue, 20, []);
        Assert.Equal(0, queue.Work);

        using var run = new TestRun(_pool, _account, [Frames.Publish("a", new byte[1000])]);
        queue.AppendDelivery([1], run.Run, 1);
        var seen = new List<long> { queue.Work };
        while (!queue.IsEmpty)
        {
            Send(queue, 100, []);
            seen.Add(queue.Work);
        }

        Assert.Equal(seen.Distinct(), seen);
        queue.Append(RandomBytes(new Random(2), 20));
        Send(queue, 20, []);
        Assert.Equal(seen[^1], queue.Work);
    }

    private static void Send(OutboundQueue queue, int bytes, List<byte> taken)
    {
        var segments = new List<ArraySegment<byte>>();
        queue.Gather(segments, 64, int.MaxValue);
        var sent = 0;
        foreach (var segment in segments)
        {
            var part = Math.Min(bytes - sent, segment.Count);
            taken.AddRange(segment[..part]);
            sent += part;
        }

        queue.Advance(sent);
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private byte[] DeliverHeader(uint count)
    {
        var header = new byte[FrameWriter.MaxDeliverHeader(1)];
        return header[..FrameWriter.WriteDeliver(header, [7], _account.Sender, count)];
    }

    private byte[] Deliver(OutboundQueue queue, Random random)
    {
        var size = random.Next(3) switch { 0 => 10, 1 => random.Next(500), _ => random.Next(2000, 9000) };
        byte[][] frames = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Frames.Publish("s", RandomBytes(random, size)))];
        using var run = new TestRun(_pool, _account, frames, random.Next(2) * 20_000);
        queue.AppendDelivery([7], run.Run, (uint)frames.Length);
        return [.. DeliverHeader((uint)frames.Length), .. run.Bytes];
    }
}
