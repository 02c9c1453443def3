using System.Text;
using BenchmarkDotNet.Attributes;
using UdsBroker.Broker.Access;
using UdsBroker.Protocol;

namespace UdsBroker.Bench.Micro;

/// <summary>
/// What a thousand rules cost, the most there can be, all of which concern the peer: when it connects, when it subscribes to a pattern that no
/// peer like it has asked for, and to one whose decision is cached. Half of the rules deny, so that a pattern is compared with 500 of them.
/// </summary>
[MemoryDiagnoser]
public class AccessBenchmarks
{
    private const int Rules = 1000;
    private const int Patterns = 10_000;

    private readonly byte[][] _patterns = [.. Enumerable.Range(0, Patterns).Select(i => Encoding.ASCII.GetBytes($"plant.{i}.*.state"))];
    private readonly byte[] _subject = "plant.7.pump.state"u8.ToArray();
    private AccessPolicy _policy = null!;
    private AccessPeer _peer = null!;
    private PeerRules _rules = null!;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        var rules = Enumerable.Range(1, Rules).Select(i => i % 2 == 0
            ? new AccessRule(i, IsAllow: true, AccessVerbs.All, AccessWho.Anyone, [SubjectPattern.Parse($"line.{i}.>")], "")
            : new AccessRule(i, IsAllow: false, AccessVerbs.All, AccessWho.Anyone, [SubjectPattern.Parse($"plant.*.secret{i}.>")], ""));
        _policy = new AccessPolicy([.. rules], AccessDefault.Allow, ownerUid: 0);
        _peer = new AccessPeer { Uid = 1000, Gids = [1000, 27], Executable = "/usr/bin/app", Unit = "app.service" };
        _rules = _policy.For(_peer);
    }

    /// <summary>The rules of a peer of which there is another one already.</summary>
    [Benchmark]
    [AllocatesAtMost(128)]
    public object Connect() => _policy.For(_peer with { Uid = 1000 });

    /// <summary>The rules of a peer of a new kind.</summary>
    [Benchmark]
    public object ConnectFirst() => new PeerRules(_policy, _peer);

    [Benchmark]
    public bool Subscribe() => _rules.Subscribe(_patterns[_next++ % Patterns]).IsAllowed;

    [Benchmark]
    [AllocatesAtMost(128)]
    public bool SubscribeAgain() => _rules.Subscribe(_patterns[0]).IsAllowed;

    /// <summary>Asked once for each subject of a publisher: its own cache keeps the answer until rules or subscriptions change.</summary>
    [Benchmark]
    [AllocatesAtMost(0)]
    public bool Publish() => _rules.Publish(_subject).IsAllowed;
}
