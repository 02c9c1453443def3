using BenchmarkDotNet.Attributes;
using UdsBroker.Protocol;

namespace UdsBroker.Bench.Micro;

/// <summary>The frames that come with every message or every run, written and read.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly byte[] _subject = "bench.codec"u8.ToArray();
    private readonly byte[] _payload = new byte[128];
    private readonly byte[] _sender = Guid.CreateVersion7().ToByteArray(bigEndian: true);
    private readonly uint[] _sids = [1, 300];
    private readonly byte[] _frame = new byte[512];
    private readonly byte[] _deliver = new byte[64];
    private int _deliverLength;

    [GlobalSetup]
    public void Setup() => _deliverLength = FrameWriter.WriteDeliver(_deliver, _sids, _sender, 1000);

    [Benchmark]
    [AllocatesAtMost(0)]
    public int WritePublish() => FrameWriter.WritePublish(_frame, _subject, default, default, _payload);

    [Benchmark]
    [AllocatesAtMost(0)]
    public int WriteDeliver() => FrameWriter.WriteDeliver(_deliver, _sids, _sender, 1000);

    [Benchmark]
    [AllocatesAtMost(0)]
    public uint ReadDeliver()
    {
        Span<uint> sids = stackalloc uint[8];
        CommandReader.TryReadDeliver(_deliver.AsSpan(0, _deliverLength), sids, out _, out _, out var count, out _);
        return count;
    }

    [Benchmark]
    [AllocatesAtMost(0)]
    public int WriteFence() => FrameWriter.WritePing(_frame, 7);
}
