using System.Buffers.Text;
using BenchmarkDotNet.Attributes;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;

namespace UdsBroker.Bench.Micro;

/// <summary>
/// A subject that no publisher has cached, matched on few and on many patterns, and what a change of the patterns costs. Patterns are
/// <c>app.&lt;i&gt;.&lt;j&gt;.*</c>, so that one of them matches: always the same, or any of them in random order, which the caches of the processor do not know
/// either. Subjects in random order are written in place, since their own bytes would be in no cache; what that costs is measured alone, to be subtracted.
/// </summary>
[MemoryDiagnoser]
public class MatchBenchmarks
{
    private readonly byte[] _subject = "app.0.0.created"u8.ToArray();
    private readonly List<Subscription> _matches = new(16);
    private readonly byte[] _written = "app.000.000.created"u8.ToArray();
    private uint _random = 1;
    private RoutingSnapshot _snapshot = null!;
    private Subscription _other = null!;

    [Params(1, 1_000, 1_000_000)]
    public int Patterns { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var broker = new MicroBroker();
        var outbox = broker.Outbox();
        for (var i = 0; i < Patterns; i++) broker.Subscribe(outbox, (uint)i + 1, $"app.{i / 1000}.{i % 1000}.*");
        _snapshot = broker.Table.Current;
        _other = new MicroBroker().Subscribe(outbox, uint.MaxValue, "app.other.>");
    }

    [Benchmark]
    [AllocatesAtMost(0)]
    public int Match()
    {
        _matches.Clear();
        _snapshot.Match(_subject, _matches);
        return _matches.Count;
    }

    [Benchmark]
    [AllocatesAtMost(0)]
    public int MatchAny()
    {
        _matches.Clear();
        _snapshot.Match(AnySubject(), _matches);
        return _matches.Count;
    }

    [Benchmark]
    [AllocatesAtMost(0)]
    public int WriteAny() => AnySubject().Length;

    [Benchmark]
    [AllocatesAtMost(4096)]
    public object SubscribeAndUnsubscribe() => _snapshot.With(_other).Without(_other);

    private ReadOnlySpan<byte> AnySubject()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        var pattern = (int)(((ulong)_random * (uint)Patterns) >> 32);
        var at = "app.".Length;
        at += Write(at, pattern / 1000);
        _written[at++] = (byte)'.';
        at += Write(at, pattern % 1000);
        ".created"u8.CopyTo(_written.AsSpan(at));
        return _written.AsSpan(0, at + ".created".Length);
    }

    private int Write(int at, int number) =>
        Utf8Formatter.TryFormat(number, _written.AsSpan(at), out var length) ? length : throw new InvalidOperationException("There is no room.");
}
