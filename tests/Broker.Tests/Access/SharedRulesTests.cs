using UdsBroker.Broker.Access;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Access;

/// <summary>Peers that rules cannot tell apart share one set of rules, and no others do.</summary>
public sealed class SharedRulesTests
{
    private static readonly AccessPeer Peer = new() { Uid = 7, Gids = [7, 9], Executable = "/bin/a", Unit = "a.service" };

    public static TheoryData<string> Others => ["uid", "no uid", "group", "order of groups", "unknown groups", "executable", "no executable", "unit", "no unit"];

    [Fact]
    public void Peers_that_are_equal_in_everything_that_rules_can_test_share_their_rules()
    {
        var policy = AccessOfTest.Policy("{ allow = all, gid = 9 }");
        Assert.Same(policy.For(Peer), policy.For(new AccessPeer { Uid = 7, Gids = new List<uint> { 7, 9 }, Executable = "/bin/" + "a", Unit = "a.service" }));
        Assert.NotSame(policy.For(Peer), AccessOfTest.Policy("{ allow = all, gid = 9 }").For(Peer));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void A_peer_that_differs_in_anything_has_rules_of_its_own(string difference)
    {
        var other = difference switch
        {
            "uid" => Peer with { Uid = 8 },
            "no uid" => Peer with { Uid = null },
            "group" => Peer with { Gids = [7] },
            "order of groups" => Peer with { Gids = [9, 7] },
            "unknown groups" => Peer with { HasUnknownGroups = true },
            "executable" => Peer with { Executable = "/bin/b" },
            "no executable" => Peer with { Executable = null },
            "unit" => Peer with { Unit = "" },
            _ => Peer with { Unit = null },
        };
        var policy = AccessOfTest.Policy("{ allow = all, gid = 9 }");
        Assert.NotSame(policy.For(Peer), policy.For(other));
    }

    [Fact]
    public void Decisions_stay_right_however_many_kinds_of_peers_and_patterns_there_are()
    {
        var policy = AccessOfTest.Policy("{ deny = subscribe, gid = 9, subjects = \"a.*.secret\" }, { allow = all, gid = 9 }");
        for (var i = 0u; i < 1000; i++)
        {
            var member = policy.For(Peer with { Uid = i });
            Assert.Equal((true, false), (member.Connect.IsAllowed, policy.For(Peer with { Uid = i, Gids = [7] }).Connect.IsAllowed));
            Assert.True(member.Subscribe("a.b"u8.ToArray()).IsAllowed);
        }

        var rules = policy.For(Peer);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 1000; i++)
            {
                Assert.True(rules.Subscribe(System.Text.Encoding.UTF8.GetBytes($"a.{i}.ä")).IsAllowed);
                var denied = rules.Subscribe(System.Text.Encoding.UTF8.GetBytes($"a.{i}.>"));
                Assert.Equal((false, $"a.{i}.secret"), (denied.IsAllowed, denied.Witness));
            }
        }
    }
}
