using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Broker.Tests.Transport;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Settings;

/// <summary>Access rules as an operator writes them, right and wrong.</summary>
public sealed class AccessSettingsTests
{
    [Theory]
    [InlineData("{ allow = fly }", "[0].allow = fly: expected connect, publish, subscribe or all")]
    [InlineData("{ uid = 1 }", "[0]: a rule has either allow or deny, with connect, publish, subscribe or all of them")]
    [InlineData("{ allow = all }, { allow = all, deny = publish }", "[1]: a rule has either allow or deny, with connect, publish, subscribe or all of them")]
    [InlineData("{ allow = [] }", "[0].allow = \"\": expected at least one value, and none of them empty")]
    [InlineData("{ allow = all, unit = \"\" }", "[0].unit = \"\": expected at least one value, and none of them empty")]
    [InlineData("{ allow = all, uid = me }", "[0].uid = me: expected a number or broker or unknown")]
    [InlineData("{ allow = all, uid = -1 }", "[0].uid = -1: expected a number or broker or unknown")]
    [InlineData("{ allow = all, uid = 4294967295 }", "[0].uid = 4294967295: expected a number or broker or unknown")]
    [InlineData("{ allow = all, gid = broker }", "[0].gid = broker: expected a number")]
    [InlineData("{ allow = all, uid = 65534 }", "[0].uid = 65534: expected another one: 65534 stands for whoever the kernel cannot name")]
    [InlineData("{ allow = all, user = nobody }", "[0].user = nobody: expected another one: 65534 stands for whoever the kernel cannot name")]
    [InlineData("{ allow = all, user = no-such-user }", "[0].user = no-such-user: expected a user of this machine")]
    [InlineData("{ allow = all, group = no-such-group }", "[0].group = no-such-group: expected a group of this machine")]
    [InlineData("{ allow = all, user = root, uid = 0 }", "[0]: give user or uid, not both")]
    [InlineData("{ allow = all, group = root, gid = 0 }", "[0]: give group or gid, not both")]
    [InlineData("{ allow = all, executable = udsb }", "[0].executable = udsb: expected the full path of a program, as /proc/PID/exe shows it")]
    [InlineData("{ allow = publish, subjects = \"a..b\" }", "[0].subjects = a..b: expected a pattern: 'a..b' has an empty token; write one dot between tokens and none at the ends")]
    [InlineData("{ allow = publish, subject = a }", "[0].subject: unknown setting; did you mean udsbroker.access.rules[0].subjects?")]
    [InlineData("allow", "[0] = allow: expected a block in braces")]
    public void A_wrong_rule_is_one_line_with_its_place(string rules, string message)
    {
        var failure = Assert.Throws<SettingsException>(() => AccessOfTest.Policy(rules));

        Assert.StartsWith($"udsbroker.access.rules{message}", failure.Message.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData(" ")]
    [InlineData(" # as it was\n\n  ")]
    public void Two_rules_without_a_comma_are_not_merged_into_one_but_refused(string between)
    {
        using var directory = new TestDirectory();
        File.WriteAllText(directory["a.conf"], $"udsbroker.access.rules = [\n  {{ deny = all, uid = 5 }}{between}{{ deny = all, uid = 6 }}\n]");

        var failure = Assert.Throws<SettingsException>(() => SettingsLayers.Load(directory["a.conf"], null, []));

        Assert.EndsWith("two blocks of a list need a comma between them", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_resolved_when_they_are_read_and_words_stand_for_the_broker_and_the_unknown()
    {
        var policy = AccessOfTest.Policy(
            "{ allow = [connect, publish], user = [root, daemon], group = daemon, subjects = [\"a.>\", b] }, { deny = all, uid = [broker, unknown, 7] }");

        var (first, second) = (policy.Rules[0], policy.Rules[1]);
        Assert.Equal([0u, 1u], first.Who.Uids!);
        Assert.Equal([1u], first.Who.Gids!);
        Assert.Equal(AccessVerbs.Connect | AccessVerbs.Publish, first.Verbs);
        Assert.Equal(["a.>", "b"], first.Subjects!.Select(pattern => pattern.ToString()));
        Assert.Equal("{ allow = [connect, publish], group = daemon, subjects = [a.>, b], user = [root, daemon] }", first.Text);
        Assert.False(second.IsAllow);
        Assert.Equal([Accounts.EffectiveUid, 7u], second.Who.Uids!);
        Assert.True(second.Who.UnknownUid);
        Assert.Equal((1, 2), (first.Number, second.Number));
    }

    [Fact]
    public void By_default_root_and_the_brokers_user_may_do_all_and_others_nothing()
    {
        var policy = BrokerSettingsReader.Read(SettingsLayers.Load(null, null, [])).Access.Policy;

        foreach (var (uid, allowed) in new (uint?, bool)[] { (0, true), (Accounts.EffectiveUid, true), (Accounts.EffectiveUid + 1, false), (null, false) })
        {
            var rules = policy.For(AccessOfTest.Peer(uid));
            Assert.Equal((allowed, allowed, allowed), (rules.Connect.IsAllowed, rules.Publish("a"u8).IsAllowed, rules.Subscribe(Encoding.UTF8.GetBytes(">")).IsAllowed));
        }
    }

    [Fact]
    public void Too_many_rules_are_refused() =>
        Assert.Throws<SettingsException>(() => AccessOfTest.Policy(string.Join(", ", Enumerable.Repeat("{ allow = all }", 1001))));

    [Fact]
    public void Owner_and_group_of_the_socket_are_names_or_numbers()
    {
        var listener = Read("udsbroker.listener.owner=daemon", "udsbroker.listener.group=4242");

        Assert.Equal((1u, 4242u), (listener.Owner, listener.Group));
        Assert.Equal((null, null), (Read().Owner, Read().Group));
        Assert.Equal(
            "udsbroker.listener.owner = no-such-user: expected a user of this machine",
            Assert.Throws<SettingsException>(() => Read("udsbroker.listener.owner=no-such-user")).Message);
    }

    private static ListenerSettings Read(params string[] assignments) =>
        BrokerSettingsReader.Read(SettingsLayers.Load(null, "/x/y.sock", assignments)).Listeners[0];
}
