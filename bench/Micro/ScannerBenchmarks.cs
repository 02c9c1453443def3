using BenchmarkDotNet.Attributes;
using UdsBroker.Protocol;

namespace UdsBroker.Bench.Micro;

/// <summary>A scan of one frame, and of the 400 frames of a run.</summary>
[MemoryDiagnoser]
public class ScannerBenchmarks
{
    private readonly byte[] _run = MicroBroker.Messages(400, "bench.scan");

    [Benchmark]
    [AllocatesAtMost(0)]
    public int Scan()
    {
        FrameScanner.Scan(_run, Limits.Default, out var head);
        return head.Length;
    }

    [Benchmark(OperationsPerInvoke = 400)]
    [AllocatesAtMost(0)]
    public int ScanRun()
    {
        FrameScanner.Scan(_run, Limits.Default, out var head);
        int length = head.Length, count = 1;
        FrameScanner.ExtendRun(_run, head, Limits.Default, ref length, ref count, out _);
        return count;
    }
}
