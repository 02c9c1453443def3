using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>Small items side by side in blocks, and that a block stays unchanged when there is no memory.</summary>
public sealed class BlocksTests
{
    private readonly SlabPool _pool = new(8192);

    [Fact]
    public void Reserved_room_is_in_one_piece_and_a_block_after_the_first_is_larger()
    {
        var blocks = new Blocks(_pool);
        blocks.Reserve(4000);
        var first = blocks.Block;
        first.Retain();
        Assert.Equal(0, blocks.Take(4000));

        blocks.Reserve(110)[..110].Fill(7);
        var second = blocks.Block;
        Assert.NotSame(first, second);
        Assert.Equal((0, 50), (blocks.Take(50), blocks.Take(60)));
        Assert.Equal((4096, 8192), (first.Bytes.Length, second.Bytes.Length));
        Assert.Equal(Enumerable.Repeat((byte)7, 110), second.Bytes.Take(110));

        blocks.Release();
        first.Release();
        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public void A_reservation_for_which_there_is_no_memory_changes_nothing()
    {
        var blocks = new Blocks(_pool);
        blocks.Reserve(10);
        var block = blocks.Block;
        blocks.Take(10);
        Assert.Throws<OutOfMemoryException>(() => blocks.Reserve(int.MaxValue).Length);

        blocks.Reserve(10);
        Assert.Same(block, blocks.Block);
        Assert.Equal(10, blocks.Take(10));
        blocks.Release();
        Assert.Equal(0, _pool.Leased);
    }
}
