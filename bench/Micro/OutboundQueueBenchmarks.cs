using BenchmarkDotNet.Attributes;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;

namespace UdsBroker.Bench.Micro;

/// <summary>A run goes into the queue of a recipient, is gathered for the system call, and is gone: a small one, which is copied, and a large one.</summary>
[MemoryDiagnoser]
public class OutboundQueueBenchmarks
{
    private readonly List<ArraySegment<byte>> _segments = new(64);
    private readonly uint[] _sids = [1];
    private PublisherAccount _account = null!;
    private OutboundQueue _queue = null!;
    private Slab _slab = null!;

    [Params(1, 400)]
    public int Messages { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var broker = new MicroBroker();
        _account = broker.Account();
        _queue = new OutboundQueue(broker.Pool);
        _slab = broker.Pool.Rent(broker.Pool.SlabBytes);
    }

    [Benchmark]
    [AllocatesAtMost(0)]
    public int AppendGatherAdvance()
    {
        _queue.AppendDelivery(_sids, new Run(_slab, 0, Messages * 145, (uint)Messages, _account), (uint)Messages);
        _queue.Gather(_segments, 64, 1 << 20);
        var bytes = (int)_queue.Bytes;
        _queue.Advance(bytes);
        return bytes;
    }
}
