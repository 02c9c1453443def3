using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>Exceeding a limit counts that limit and no other; <see cref="LimitHitOfListenerTests"/> has those that need a socket.</summary>
public sealed class LimitHitTests
{
    private static readonly UserLimits Users = new(MaxConnections: 2, MaxSubscriptions: 2, MaxPendingBytes: 1L << 40, ReceiveBytesPerSecond: 0);

    private static readonly Dictionary<Limit, Func<Traffic>> Beyond = new()
    {
        [Limit.LimitsMaxPayload] = () => Send([0x95, 0x05, 0xA1, (byte)'a', 0xC0, 0xC0, 0xC6, 0x7F, 0xFF, 0xFF, 0xFF]),
        [Limit.LimitsMaxSubject] = () => Send([0x95, 0x05, 0xDA, 0x7F, 0xFF]),
        [Limit.LimitsMaxHeaders] = () => Send([0x95, 0x05, 0xA1, (byte)'a', 0xC0, 0xDE, 0x7F, 0xFF]),
        [Limit.LimitsMaxHeaderSize] = () => Send([0x95, 0x05, 0xA1, (byte)'a', 0xC0, 0x81, 0xA1, (byte)'k', 0xDA, 0x7F, 0xFF]),
        [Limit.LimitsMaxHello] = Hello,
        [Limit.LimitsMaxControlFrame] = () => Send(Frames.Subscribe(1, new string('a', 70_000))),
        [Limit.LimitsMaxElements] = () => Send([0xDC, 0x7F, 0xFF, 0x03]),
        [Limit.LimitsMaxDepth] = () => Send([0x95, 0x03, 0x01, 0xA1, (byte)'a', 0xC0, .. Enumerable.Repeat((byte)0x91, 100)]),
        [Limit.LimitsMaxSubscriptions] = SubscribeOnce,
        [Limit.ConnectionsReceiveRate] = () => Receive(ReceiveAllowance.Of(1000), user: null),
        [Limit.UsersReceiveRate] = () => Receive(own: null, Users with { ReceiveBytesPerSecond = 1000 }),
        [Limit.UsersMaxConnections] = () => With(Users, broker => _ = (broker.Connect(), broker.Connect(), broker.Users.TryConnect(0))),
        [Limit.UsersConnectRate] = () => With(Users with { MaxConnectsPerSecond = 1 }, broker => _ = (broker.Users.TryArrive(0), broker.Users.TryArrive(0))),
        [Limit.UsersMaxSubscriptions] = () => With(Users, broker => Subscribe(broker, "a", "b", "c")),
        [Limit.UsersMaxSystemSubscriptions] = () => With(Users with { MaxSystemSubscriptions = 1 }, broker => Subscribe(broker, "$SYS.stats", "$SYS.interest.a")),
        [Limit.UsersMaxWildcardShapes] = () => With(Users with { MaxWildcardShapes = 1 }, broker => Subscribe(broker, "*.a", "a.*")),
        [Limit.UsersMaxOpenRequests] = () => With(Users with { MaxOpenRequests = 1 }, broker => Ask(broker, 2)),
        [Limit.UsersMaxPending] = () => With(Users with { MaxPendingBytes = 10 }, broker => Wait(broker, OverflowPolicy.DropOldest)),
        [Limit.UsersMaxRoutes] = () => With(Users with { MaxRouteBytes = 10 }, broker => broker.Connect().Send(Frames.Publish("a", "x"))),
        [Limit.RequestsMaxOpen] = () => Run(new CoreBroker(maxOpenRequests: 1), broker => Ask(broker, 2)),
        [Limit.OutboundHighWatermark] = () => Run(new CoreBroker(), broker => Wait(broker, OverflowPolicy.Block)),
        [Limit.ListenerMaxSenders] = Remember,
        [Limit.DelayedMaxDelay] = () => Run(new CoreBroker(), broker => broker.Connect().Send(Frames.Publish("a", "x", (KnownHeaders.Delay, "2000000")))),
        [Limit.AccessRules] = Deny,
    };

    public static TheoryData<string> Cases => [.. Beyond.Keys.Select(limit => limit.ToString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Exceeding_a_limit_counts_that_limit_and_no_other(string name)
    {
        var limit = Enum.Parse<Limit>(name);
        var traffic = Beyond[limit]();
        Assert.Equal([(limit, 1L)], LimitKeys.All.Select(other => (other, traffic.HitsOf(other))).Where(hits => hits.Item2 > 0));
    }

    [Fact]
    public void Every_limit_is_named_by_a_setting_and_tried_here_or_with_sockets()
    {
        var settings = SettingsLayers.Load(null, null, []);
        Assert.All(LimitKeys.All, limit => Assert.NotNull(settings.GetValue($"udsbroker.{limit.ToKey()}")));
        Assert.Equal(LimitKeys.All.Except(LimitHitOfListenerTests.Tried), Beyond.Keys.Order());
    }

    private static Traffic Run(CoreBroker broker, Action<CoreBroker> beyond)
    {
        beyond(broker);
        return broker.Traffic;
    }

    private static Traffic With(UserLimits users, Action<CoreBroker> beyond) => Run(new CoreBroker(users: users), beyond);

    private static Traffic Send(byte[] bytes) => Run(new CoreBroker(), broker =>
    {
        var connection = broker.Connect();
        connection.Send(bytes);
        Assert.Single(connection.Endings);
    });

    private static Traffic Hello() => Run(new CoreBroker(), broker =>
    {
        var connection = broker.Accept();
        connection.Send(Frames.Encode(output => FrameWriter.Write(output, new HelloCommand(WireVersion.Current, new HelloOptions { Name = new string('x', 5000) }))));
        Assert.Equal(CloseReason.FrameTooBig, Assert.Single(connection.Endings).Reason);
    });

    private static Traffic SubscribeOnce() => Run(new CoreBroker(), broker =>
    {
        var connection = broker.Connect();
        var context = new SessionContext(connection.Client, Limits.Default with { MaxSubscriptions = 1 }, broker.Bound, AccessOfTest.Everything(7)) { Traffic = broker.Traffic };
        var session = new Session(context, connection.Outbox);
        for (uint sid = 1; sid <= 2; sid++) session.Handle(FrameKind.Subscribe, Frames.Subscribe(sid, "a"));
    });

    private static void Subscribe(CoreBroker broker, params string[] patterns) =>
        broker.Connect().Send(Frames.Join(patterns.Select((pattern, i) => Frames.Subscribe((uint)i + 1, pattern))));

    private static void Ask(CoreBroker broker, int requests)
    {
        var (asker, responder) = (broker.Connect(), broker.Connect());
        responder.Send(Frames.Subscribe(1, "work"));
        for (var i = 0; i < requests; i++) asker.Send(Frames.Publish("work", [1], $"_INBOX.{asker.Id}.{i}"));
    }

    private static void Wait(CoreBroker broker, OverflowPolicy policy)
    {
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a", new SubscribeOptions { Credit = 0, Overflow = policy }));
        publisher.Send(Frames.Publish("a", "a message"));
    }

    private static Traffic Receive(ReceiveAllowance? own, UserLimits? user)
    {
        var traffic = new Traffic();
        var share = user is null ? null : new UserShares(user, new MemoryMeter(null, long.MaxValue), new FakeClock(), traffic).TryConnect(7);
        new ReceiveBounds(null, own, share, TimeSpan.FromSeconds(1), traffic).Take(5000);
        return traffic;
    }

    private static Traffic Remember()
    {
        var (table, traffic) = (new SenderTable(1), new Traffic());
        foreach (var sender in new[] { "a", "b" }) table.Add(System.Text.Encoding.ASCII.GetBytes(sender), new PublisherAccount(Guid.Empty, PeerAccess.OfBroker, traffic));
        return traffic;
    }

    private static Traffic Deny()
    {
        var traffic = new Traffic();
        var log = new DenialLog(new LogLines(), TimeProvider.System, TimeSpan.FromHours(1), traffic);
        var access = new AccessTable(AccessOfTest.Policy("", "deny"), log).For(new AccessPeer { Uid = 7 });
        Assert.False(access.MayPublish("a"u8));
        return traffic;
    }
}
