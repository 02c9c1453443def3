using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Tests.Buffers;

/// <summary>The receive buffer: what is unread survives every way of growing and moving, and memory follows need.</summary>
public class InboundBufferTests
{
    private const int SlabBytes = 4096;
    private readonly SlabPool _pool = new(SlabBytes);

    [Fact]
    public void Whatever_is_received_in_pieces_of_any_size_is_read_back_byte_for_byte()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var buffer = new InboundBuffer(_pool);
            var (written, read) = (0, 0);
            var kept = new List<(Slab Slab, int Start, byte[] Copy)>();
            while (read < 100_000)
            {
                var frame = random.Next(4) == 0 ? random.Next(1, 20_000) : random.Next(1, 300);
                while (buffer.UnreadLength < frame)
                {
                    buffer.Expect(random.Next(3) == 0 ? buffer.UnreadLength + 1 : frame);
                    var space = buffer.FreeSpace().Span;
                    Assert.NotEqual(0, space.Length);
                    var part = random.Next(1, space.Length + 1);
                    for (var i = 0; i < part; i++) space[i] = (byte)(written++ * 31 >> 3);
                    buffer.Filled(part);
                }

                foreach (var value in buffer.Unread[..frame])
                {
                    if (value != (byte)(read++ * 31 >> 3)) Assert.Fail($"seed {seed}: byte {read - 1} is another");
                }

                if (random.Next(3) == 0)
                {
                    buffer.Slab.Retain();
                    kept.Add((buffer.Slab, buffer.Start, buffer.Unread[..frame].ToArray()));
                }

                buffer.Consume(frame);
                if (kept.Count > 3) ReleaseFirst(kept);
                if (random.Next(5) == 0) buffer.ReleaseIfEmpty();
            }

            while (kept.Count > 0) ReleaseFirst(kept);
            buffer.Release();
            Assert.Equal(0, _pool.Leased);
        }
    }

    [Fact]
    public void An_idle_connection_holds_no_memory()
    {
        var buffer = new InboundBuffer(_pool);
        Receive(buffer, 100);
        buffer.Consume(100);
        buffer.ReleaseIfEmpty();

        Assert.Equal(0, _pool.Leased);
        Assert.Equal(0, buffer.UnreadLength);
    }

    [Fact]
    public void The_beginning_of_a_frame_is_kept_while_waiting()
    {
        var buffer = new InboundBuffer(_pool);
        Receive(buffer, 100);
        buffer.Consume(60);
        buffer.ReleaseIfEmpty();

        Assert.Equal(40, buffer.UnreadLength);
        Assert.Equal(1, _pool.Leased);
    }

    [Fact]
    public void The_slab_is_filled_again_from_its_start_when_nobody_else_holds_it()
    {
        var buffer = new InboundBuffer(_pool);
        Receive(buffer, 4000);
        var slab = buffer.Slab;
        buffer.Consume(4000);

        Assert.Equal(SlabBytes, buffer.FreeSpace().Length);
        Assert.Same(slab, buffer.Slab);
    }

    [Fact]
    public void Bytes_that_a_recipient_holds_are_not_written_over()
    {
        var buffer = new InboundBuffer(_pool);
        Receive(buffer, 4000);
        var slab = buffer.Slab;
        slab.Retain();
        buffer.Consume(4000);

        Assert.Equal(SlabBytes, buffer.FreeSpace().Length);
        Assert.NotSame(slab, buffer.Slab);
    }

    [Fact]
    public void A_claimed_length_takes_no_memory_before_its_bytes_arrive()
    {
        var buffer = new InboundBuffer(_pool);
        Receive(buffer, 16);
        buffer.Expect(1 << 30);

        Assert.InRange(buffer.FreeSpace().Length, SlabBytes / 4, SlabBytes);
    }

    [Fact]
    public void A_growing_frame_at_most_doubles_its_memory()
    {
        const int frame = 1_000_000;
        var buffer = new InboundBuffer(_pool);
        Receive(buffer, 16);
        while (buffer.UnreadLength < frame)
        {
            buffer.Expect(frame);
            var space = buffer.FreeSpace().Length;
            Assert.InRange(buffer.Slab.Bytes.Length, 1, Math.Max(SlabBytes, 2 * buffer.UnreadLength));
            buffer.Filled(Math.Min(space, frame - buffer.UnreadLength));
            Assert.Equal(1, _pool.Leased);
        }

        Assert.InRange(buffer.Slab.Bytes.Length, frame, 2 * frame);
    }

    [Fact]
    public void Large_frames_that_follow_each_other_are_received_without_a_copy_into_memory_that_is_reused()
    {
        const int frame = 10_000;
        var buffer = new InboundBuffer(_pool);
        ReceiveLarge(buffer, frame);
        var slabs = new HashSet<Slab>();
        for (var i = 0; i < 20; i++)
        {
            ReceiveLarge(buffer, frame, slab => slabs.Add(slab));
            buffer.ReleaseIfEmpty();
        }

        Assert.Single(slabs);
        Assert.Equal(0, _pool.Leased);

        Receive(buffer, 100);
        buffer.Expect(1);
        buffer.Consume(100);
        buffer.ReleaseIfEmpty();
        Receive(buffer, 100);
        Assert.Equal(SlabBytes, buffer.Slab.Bytes.Length);
    }

    [Fact]
    public void A_receive_that_finds_nothing_does_not_forget_how_large_the_frames_are()
    {
        const int frame = 10_000;
        var buffer = new InboundBuffer(_pool);
        ReceiveLarge(buffer, frame);
        var slabs = new HashSet<Slab>();
        for (var i = 0; i < 20; i++)
        {
            buffer.FreeSpace();
            buffer.ReleaseIfEmpty();
            ReceiveLarge(buffer, frame, slab => slabs.Add(slab));
        }

        Assert.Single(slabs);
    }

    private static void ReceiveLarge(InboundBuffer buffer, int frame, Action<Slab>? began = null)
    {
        buffer.Filled(Math.Min(buffer.FreeSpace().Length, 1000));
        began?.Invoke(buffer.Slab);
        while (buffer.UnreadLength < frame)
        {
            buffer.Expect(frame);
            buffer.Filled(buffer.FreeSpace().Length);
            began?.Invoke(buffer.Slab);
        }

        Assert.Equal(frame, buffer.UnreadLength);
        buffer.Expect(1);
        buffer.Consume(frame);
    }

    [Fact]
    public void A_frame_of_unknown_length_does_not_grow_byte_by_byte()
    {
        var buffer = new InboundBuffer(_pool);
        var slabs = new HashSet<Slab>();
        while (buffer.UnreadLength < 60_000)
        {
            buffer.Expect(buffer.UnreadLength + 1);
            buffer.Filled(Math.Min(buffer.FreeSpace().Length, 1000));
            slabs.Add(buffer.Slab);
        }

        Assert.InRange(slabs.Count, 1, 6);
    }

    [Fact]
    public void A_few_last_bytes_of_a_slab_are_not_worth_a_call_to_the_kernel()
    {
        var buffer = new InboundBuffer(_pool);
        Receive(buffer, SlabBytes - 10);
        buffer.Slab.Retain();
        buffer.Consume(SlabBytes - 20);
        buffer.Expect(12);

        Assert.InRange(buffer.FreeSpace().Length, SlabBytes / 2, SlabBytes);
        Assert.Equal(10, buffer.UnreadLength);
    }

    private static void Receive(InboundBuffer buffer, int bytes)
    {
        Assert.InRange(buffer.FreeSpace().Length, bytes, int.MaxValue);
        buffer.Filled(bytes);
    }

    private static void ReleaseFirst(List<(Slab Slab, int Start, byte[] Copy)> kept)
    {
        var (slab, start, copy) = kept[0];
        Assert.True(slab.Bytes.AsSpan(start, copy.Length).SequenceEqual(copy), "bytes changed while they were held");
        slab.Release();
        kept.RemoveAt(0);
    }
}
