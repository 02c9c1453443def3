using BenchmarkDotNet.Attributes;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Routing;

namespace UdsBroker.Bench.Micro;

/// <summary>
/// The data path of the broker without the kernel: a received buffer of 400 messages of 128 bytes is scanned, routed, queued and sent, to one
/// subject or to 64 in turn, each with its own subscription.
/// </summary>
[MemoryDiagnoser]
public class RouterBenchmarks
{
    private const int Messages = 400;

    private InboundRouter _router = null!;
    private InboundBuffer _buffer = null!;
    private byte[] _bytes = [];

    [Params(1, 64)]
    public int Subjects { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var broker = new MicroBroker();
        var outbox = broker.Outbox();
        var subjects = Enumerable.Range(0, Subjects).Select(i => $"bench.{i}").ToArray();
        for (var i = 0; i < subjects.Length; i++) broker.Subscribe(outbox, (uint)i + 1, subjects[i]);
        _router = broker.Router(broker.Account());
        _buffer = new InboundBuffer(broker.Pool);
        _bytes = MicroBroker.Messages(Messages, subjects);
        Receive([0x93, 0x01, 0x01, 0x80]); // HELLO
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    [AllocatesAtMost(0)]
    public void Route() => Receive(_bytes);

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var free = _buffer.FreeSpace().Span;
            var part = Math.Min(free.Length, bytes.Length);
            bytes[..part].CopyTo(free);
            _buffer.Filled(part);
            _router.Consume(_buffer);
            bytes = bytes[part..];
        }

        if (_buffer.UnreadLength > 0) throw new InvalidOperationException("The router did not take all.");
        _buffer.ReleaseIfEmpty();
    }
}
