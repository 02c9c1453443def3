using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Tests.Buffers;

/// <summary>What a receive buffer charges to the meter of its connection: the memory of an unfinished frame, while its rest is waited for.</summary>
public class InboundBufferMeterTests
{
    private const int SlabBytes = 4096;
    private readonly SlabPool _pool = new(SlabBytes);

    [Fact]
    public void The_memory_of_a_large_frame_is_charged_before_it_is_allocated_and_not_allocated_while_the_broker_has_no_room()
    {
        var told = 0;
        var broker = new MemoryMeter(null, 20_000, () => told++);
        var meter = new MemoryMeter(broker, long.MaxValue);
        var buffer = new InboundBuffer(_pool, meter);
        buffer.Filled(buffer.FreeSpace().Length);
        buffer.Expect(100_000);
        broker.Add(15_000);

        Assert.False(buffer.HasRoomToGrow());
        Assert.False(buffer.HasRoomToGrow());
        Assert.Equal((15_000 + (2 * SlabBytes), 1), (broker.Bytes, told));
        Assert.Equal(SlabBytes, buffer.Slab.Bytes.Length);

        broker.Add(-15_000);
        Assert.True(buffer.HasRoomToGrow());
        buffer.FreeSpace();
        Assert.Equal((2 * SlabBytes, 2 * SlabBytes), (buffer.Slab.Bytes.Length, meter.Bytes));
        buffer.Release();
        Assert.Equal((0L, 0L), (broker.Bytes, _pool.Leased));
    }

    [Fact]
    public void A_whole_large_frame_is_no_longer_charged_because_its_recipients_are()
    {
        var meter = new MemoryMeter(null, long.MaxValue);
        var buffer = new InboundBuffer(_pool, meter);
        buffer.Filled(buffer.FreeSpace().Length);
        buffer.Expect(3 * SlabBytes);
        while (buffer.UnreadLength < 3 * SlabBytes)
        {
            Assert.True(buffer.HasRoomToGrow());
            var free = buffer.FreeSpace().Length;
            Assert.InRange(meter.Bytes, buffer.UnreadLength + 1, 4 * SlabBytes);
            buffer.Filled(free);
        }

        Assert.Equal(0, meter.Bytes);
        buffer.Expect((3 * SlabBytes) + 1);
        buffer.ReleaseIfEmpty();
        Assert.Equal(buffer.Slab.Bytes.Length, meter.Bytes);
    }

    [Fact]
    public void An_unfinished_frame_is_parked_in_memory_of_its_own_size_and_continues_in_a_receive_buffer()
    {
        var pool = new SlabPool(4096);
        var meter = new MemoryMeter(null, long.MaxValue);
        var buffer = new InboundBuffer(pool, meter);
        "0123456789"u8.CopyTo(buffer.FreeSpace().Span);
        buffer.Filled(10);
        buffer.Consume(3);

        buffer.ReleaseIfEmpty();
        Assert.Equal((64L, 1L), (meter.Bytes, pool.Leased));
        Assert.Equal("3456789"u8.ToArray(), buffer.Unread.ToArray());

        Assert.True(buffer.FreeSpace().Length >= 4000);
        "abc"u8.CopyTo(buffer.FreeSpace().Span);
        buffer.Filled(3);
        Assert.Equal("3456789abc"u8.ToArray(), buffer.Unread.ToArray());
        buffer.Consume(10);
        buffer.ReleaseIfEmpty();
        Assert.Equal((0L, 0L), (meter.Bytes, pool.Leased));
    }

    [Fact]
    public void A_large_unfinished_frame_stays_where_it_is_and_its_whole_slab_is_charged()
    {
        var pool = new SlabPool(4096);
        var meter = new MemoryMeter(null, long.MaxValue);
        var buffer = new InboundBuffer(pool, meter);
        buffer.FreeSpace();
        buffer.Filled(4000);
        var slab = buffer.Slab;

        buffer.ReleaseIfEmpty();
        Assert.Same(slab, buffer.Slab);
        Assert.Equal(4096, meter.Bytes);
        buffer.Release();
        Assert.Equal((0L, 0L), (meter.Bytes, pool.Leased));
    }
}
