using System.Text;
using BenchmarkDotNet.Attributes;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Bench.Micro;

/// <summary>
/// A subject that no publisher remembers, matched on few and on many patterns, and what a change of the patterns costs. Patterns are
/// <c>app.&lt;i&gt;.&lt;j&gt;.*</c>, so that one of them matches: always the same, or any of them, which the caches of the processor do not know either.
/// </summary>
[MemoryDiagnoser]
public class MatchBenchmarks
{
    private readonly byte[] _subject = "app.0.0.created"u8.ToArray();
    private readonly List<Subscription> _matches = new(16);
    private readonly byte[][] _subjects = new byte[1 << 14][];
    private int _next;
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
        var random = new Random(1);
        for (var i = 0; i < _subjects.Length; i++)
        {
            var pattern = random.Next(Patterns);
            _subjects[i] = Encoding.UTF8.GetBytes($"app.{pattern / 1000}.{pattern % 1000}.created");
        }

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
        _snapshot.Match(_subjects[_next++ % _subjects.Length], _matches);
        return _matches.Count;
    }

    [Benchmark]
    [AllocatesAtMost(4096)]
    public object SubscribeAndUnsubscribe() => _snapshot.With(_other).Without(_other);
}
