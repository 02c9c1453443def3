using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Access;

/// <summary>The rules of docs/security.md, taken out of the document, decide what its text says that they do.</summary>
public sealed class DocumentedRulesTests
{
    private const uint Dashboard = 3001;
    private const uint Grafana = 3002;
    private const uint Robots = 4001;
    private readonly AccessPolicy _policy = AccessOfTest.Policy(RulesOf("security.md"), "owner");

    [Fact]
    public void The_planner_may_do_everything()
    {
        var planner = new AccessPeer { Uid = 5000, Gids = [Robots], Executable = "/bin/none", Unit = "planner.service" };

        Assert.True(_policy.For(planner).Connect.IsAllowed);
        Assert.True(MayPublish(planner, "robots.1.safety.stop"));
        Assert.True(MaySubscribe(planner, "robots.1.safety.stop"));
        Assert.True(MaySubscribe(planner, ">"));
    }

    [Theory]
    [InlineData(Dashboard, new uint[0])]
    [InlineData(Grafana, new uint[0])]
    [InlineData(Grafana, new[] { Robots })]
    public void Dashboards_subscribe_to_the_subjects_of_robots_and_publish_nothing(uint uid, uint[] gids)
    {
        var dashboard = AccessOfTest.Peer(uid, gids);

        Assert.True(_policy.For(dashboard).Connect.IsAllowed);
        Assert.True(MaySubscribe(dashboard, "robots.>"));
        Assert.True(MaySubscribe(dashboard, "robots.1.safety.stop"));
        Assert.False(MaySubscribe(dashboard, ">"));
        Assert.False(MayPublish(dashboard, "robots.1.position"));
        Assert.False(MayPublish(dashboard, "robots.1.safety.stop"));
    }

    [Fact]
    public void Robots_may_use_all_of_their_subjects_except_safety()
    {
        var robot = AccessOfTest.Peer(4000, Robots);

        Assert.True(_policy.For(robot).Connect.IsAllowed);
        Assert.True(MayPublish(robot, "robots.1.position"));
        Assert.True(MaySubscribe(robot, "robots.*.position"));
        Assert.True(MaySubscribe(robot, "time.*"));
        Assert.False(MayPublish(robot, "robots.1.safety.stop"));
        Assert.False(MaySubscribe(robot, "robots.1.safety.stop"));
        Assert.False(MaySubscribe(robot, "robots.>"));
        Assert.False(MayPublish(robot, "time.zone.utc"));
    }

    [Fact]
    public void Others_may_not_even_connect() => Assert.False(_policy.For(AccessOfTest.Peer(6000, 6000)).Connect.IsAllowed);

    private bool MayPublish(AccessPeer peer, string subject) => _policy.For(peer).Publish(Encoding.UTF8.GetBytes(subject)).IsAllowed;

    private bool MaySubscribe(AccessPeer peer, string pattern) => _policy.For(peer).Subscribe(Encoding.UTF8.GetBytes(pattern)).IsAllowed;

    /// <summary>The rules between the brackets, with numbers in place of the names, which this machine does not have.</summary>
    private static string RulesOf(string document)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, document));
        var begin = text.IndexOf("access.rules = [", StringComparison.Ordinal) + "access.rules = [".Length;
        var rules = text[begin..text.IndexOf("\n  ]", begin, StringComparison.Ordinal)]
            .Replace("user = [dashboard, grafana]", $"uid = [{Dashboard}, {Grafana}]", StringComparison.Ordinal)
            .Replace("group = robots", $"gid = {Robots}", StringComparison.Ordinal);
        Assert.Equal(7, rules.Split('{').Length - 1);
        return rules;
    }
}
