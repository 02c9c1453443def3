using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>Where waiting bytes are kept: small runs side by side, and nothing is written to a block that was given up.</summary>
public sealed class ParcelStoreTests
{
    private readonly SlabPool _pool = new(65536);
    private readonly PublisherAccount _account = new(Guid.Empty, PeerAccess.OfBroker, new Traffic());

    [Fact]
    public void Small_runs_lie_side_by_side_in_one_block_until_it_is_released()
    {
        var store = new ParcelStore(_pool);
        using var run = new TestRun(_pool, _account, [Frames.Publish("a", "12345")], slabBytes: 65536);
        var received = _pool.Leased;

        var first = store.Hold(run.Run, null)!;
        Assert.Null(store.Hold(run.Run, first));
        Assert.Equal([.. run.Bytes, .. run.Bytes], first.Run.Bytes.ToArray());
        Assert.Equal(received + 1, _pool.Leased);

        store.Release();
        var later = store.Hold(run.Run, first)!;
        Assert.Equal(run.Bytes, later.Run.Bytes.ToArray());
        Assert.Equal(received + 2, _pool.Leased);

        store.Release();
        store.Release();
        first.Release();
        later.Release();
        Assert.Equal(received, _pool.Leased);
    }
}
