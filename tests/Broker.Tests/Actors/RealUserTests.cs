using System.Globalization;
using Akka.Actor;
using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Broker.Tests.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>Access with real users and groups, through the kernel: who connects, publishes and subscribes, before and after a reload.</summary>
[Collection(nameof(Alone))]
public sealed class RealUserTests
{
    private const uint Room = 3100;
    private const uint Unnamed = 65534;

    private const string Rules = """
        udsbroker.access.rules=[
          { deny = all, uid = 3001 },
          { allow = connect, gid = 3100 },
          { allow = connect, uid = [3002, 3005] },
          { deny = [publish, subscribe], gid = 3100, subjects = "room.secret" },
          { allow = [publish, subscribe], gid = 3100, subjects = ["room.>", "lobby"] },
          { allow = publish, uid = 3002, subjects = "room.*" }
        ]
        """;

    private static readonly RealUser[] Users =
    [
        new(0, 0), new(3001, Room), new(3001, 1, Room), new(3002, 1), new(3002, Room), new(3003, Room), new(3003, 1, Room), new(3003, 1, 5, 6, Room, 7),
        new(3003, 1), new(3003, 3101), new(3004, 3099, 3101), new(3005, 1), new(3006, Room, [.. Enumerable.Range(5000, 60).Select(gid => (uint)gid)]),
        new(3006, 1, [.. Enumerable.Range(5000, 60).Select(gid => (uint)gid), Room]), new(Unnamed, Room), new(Unnamed, Unnamed, Room), new(3007, Unnamed, Room),
    ];

    private static readonly string[] Subjects = ["room.a", "room.secret", "room.a.b", "lobby", "Room.a", "room", "roomX.a"];
    private static readonly string[] Patterns = ["room.>", "room.*", "room.*.b", ">", "$SYS.>", "lobby.*"];

    [Fact]
    public async Task The_credentials_from_the_kernel_decide_in_every_case()
    {
        await using var broker = await BrokerInProcess.StartAsync(RealUser.OpenToAll, Rules);
        var cases = 0;
        foreach (var user in Users)
        {
            using var client = user.Open(broker);
            cases++;
            if (!MayConnect(user))
            {
                Assert.Equal(CloseReason.NotAllowed, (await client.ExpectGoodbyeAsync()).Reason);
                continue;
            }

            await client.GreetAsync();
            Assert.Equal((user.Uid, user.Gid == Unnamed ? null : user.Gid), (client.Info.Uid!.Value, client.Info.Gid));
            Assert.Equal(user.Groups.Where(gid => gid != Unnamed).Order(), client.Info.Groups.Order());
            string[] asked = [.. Subjects, .. Patterns];
            for (var sid = 1u; sid <= asked.Length; sid++) await client.SubscribeAsync(sid, asked[sid - 1]);
            var refused = (await ErrorsAsync(client)).Select(error => asked[int.Parse(error.Context!["sid"], CultureInfo.InvariantCulture) - 1]);
            Assert.Equal(asked.Where(pattern => !MaySubscribe(user, pattern)), refused);
            for (var sid = 1u; sid <= asked.Length; sid++) await client.SendAsync(output => FrameWriter.Write(output, new UnsubscribeCommand(sid, null)));
            await ErrorsAsync(client);
            foreach (var subject in Subjects) await client.PublishAsync(subject, "x");
            Assert.Equal(Subjects.Where(subject => !MayPublish(user, subject)), (await ErrorsAsync(client)).Select(error => error.Context!["subject"]));
            cases += asked.Length + Subjects.Length;
        }

        Assert.True(cases >= 200, $"{cases} cases");
    }

    [Fact]
    public async Task A_denied_connection_gets_one_frame_takes_no_slot_and_leaves_nothing_behind()
    {
        const int denied = 500;
        await using var broker = await BrokerInProcess.StartAsync(connections: 2, RealUser.OpenToAll, "udsbroker.access.denial-log-interval=1h");
        var stranger = new RealUser(4242, 4242);
        using var first = await broker.ConnectAsync();
        for (var i = 0; i < 50; i++) await DenyAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < denied; i++) await DenyAsync();

        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < denied * 1024, "a denied connection costs less than 1 KiB");
        using var second = await broker.ConnectAsync();
        Assert.Single(broker.Log, line => line.StartsWith("190 uid 4242 was denied to connect", StringComparison.Ordinal));

        async Task DenyAsync()
        {
            using var client = stranger.Open(broker);
            var goodbye = await client.ExpectGoodbyeAsync();
            Assert.Equal(CloseReason.NotAllowed, goodbye.Reason);
            Assert.Equal("uid 4242 may not connect: no rule matches and udsbroker.access.default decides", goodbye.Message);
        }
    }

    [Fact]
    public async Task The_peer_is_the_process_that_called_connect_whatever_it_becomes_and_whoever_holds_the_socket()
    {
        await using var broker = await BrokerInProcess.StartAsync(RealUser.OpenToAll, "udsbroker.access.default=allow");
        var stranger = new RealUser(4242, 4242);
        using var roots = RawClient.Open(broker.Socket);
        using var strangers = stranger.Open(broker);

        // A socket that root connected, used by the other user, and the other way round.
        OtherUser.Run(stranger.Uid, stranger.Gid, [], () => roots.GreetAsync().Wait(BrokerInProcess.Patience, TestContext.Current.CancellationToken));
        await strangers.GreetAsync();

        Assert.Equal((0u, 4242u), (roots.Info.Uid!.Value, strangers.Info.Uid!.Value));
    }

    [Fact]
    public async Task Changed_rules_end_what_they_do_not_allow_and_leave_the_rest_alone()
    {
        await using var broker = await BrokerInProcess.StartAsync(RealUser.OpenToAll, Rules);
        using var root = await broker.ConnectAsync();
        using var member = await new RealUser(3003, Room).ConnectAsync(broker);
        using var leaving = await new RealUser(3005, 1).ConnectAsync(broker);
        await member.SubscribeAsync(1, "room.a");
        await member.SubscribeAsync(2, "lobby");
        Assert.Empty(await ErrorsAsync(member));

        var newer = AccessOfTest.Policy("{ allow = connect, uid = 3003 }, { allow = subscribe, uid = 3003, subjects = lobby }", "owner");
        broker.Root.Tell(new BrokerActor.UseSettings(broker.Settings with { Access = broker.Settings.Access with { Policy = newer } }));

        var error = await member.ExpectErrorAsync();
        Assert.Equal((ErrorCode.NotAllowed, "1"), (error.Code, error.Context!["sid"]));
        Assert.Equal(CloseReason.NotAllowed, (await leaving.ExpectGoodbyeAsync()).Reason);
        await member.PublishAsync("room.a", "no longer");
        Assert.Equal("room.a", Assert.Single(await ErrorsAsync(member)).Context!["subject"]);
        await root.SendAsync((byte[])[.. RawClient.Publish("room.a", "1"), .. RawClient.Publish("lobby", "2")]);
        Assert.Equal("2", Assert.Single(await member.ReceiveAsync()).Payload);
        Assert.Contains(broker.Log, line => line.StartsWith("191 access rules reloaded: 2 of them, default owner", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_rule_that_decides_is_explained_only_to_operators()
    {
        await using var broker = await BrokerInProcess.StartAsync(RealUser.OpenToAll, Rules);
        using var member = await new RealUser(3003, Room).ConnectAsync(broker);
        Assert.Equal(403, (await member.AskAsync("acl.explain", """{"uid": 3003}""")).Code);
        using var root = await broker.ConnectAsync();

        var (code, text) = await root.AskAsync("acl.explain", """{"uid": 3003, "gids": [3100], "subject": "room.secret"}""");

        Assert.Equal(0, code);
        Assert.Equal(
            """{"peer":"uid 3003","gids":[3100],"decisions":["""
            + """{"verb":"connect","allowed":true,"because":"rule 2 of udsbroker.access.rules","rule":2,"text":"{ allow = connect, gid = 3100 }"},"""
            + """{"verb":"publish","allowed":false,"because":"rule 4 of udsbroker.access.rules","rule":4,"text":"{ deny = [publish, subscribe], gid = 3100, subjects = room.secret }"},"""
            + """{"verb":"subscribe","allowed":false,"because":"rule 4 of udsbroker.access.rules","rule":4,"text":"{ deny = [publish, subscribe], gid = 3100, subjects = room.secret }"}]}""",
            text);
        Assert.Contains("\"part\":\"room.secret\"", (await root.AskAsync("acl.explain", """{"uid": 3003, "gids": [3100], "subject": "room.*"}""")).Text, StringComparison.Ordinal);
        Assert.Contains("\"gids\":[0", (await root.AskAsync("acl.explain", """{"uid": 0}""")).Text, StringComparison.Ordinal);
        Assert.Contains("an unknown user", (await root.AskAsync("acl.explain", """{"uid": "unknown"}""")).Text, StringComparison.Ordinal);
        string[] wrong =
            ["", "[]", "{}", """{"uid": "me"}""", """{"uid": -1}""", """{"uid": 1, "gids": 3}""", """{"uid": 1, "subject": "a..b"}""", """{"uid": 1, "unit": 3}"""];
        foreach (var question in wrong) Assert.Equal(400, (await root.AskAsync("acl.explain", question)).Code);
    }

    private static bool MayConnect(RealUser user) => user.Uid is 0 or 3002 or 3005 || (user.IsIn(Room) && user.Uid is not (3001 or Unnamed));

    private static bool MayPublish(RealUser user, string subject) =>
        user.Uid == 0
        || (user.IsIn(Room) && subject != "room.secret" && (subject == "lobby" || subject.StartsWith("room.", StringComparison.Ordinal)))
        || (user.Uid == 3002 && !user.IsIn(Room) && (subject is "room.a" or "room.secret"));

    private static bool MaySubscribe(RealUser user, string pattern) =>
        user.Uid == 0 || (user.IsIn(Room) && (pattern is "room.a" or "room.a.b" or "lobby" or "room.*.b"));

    // Everything refused so far, in order.
    private static async Task<List<ErrorCommand>> ErrorsAsync(RawClient client)
    {
        var errors = new List<ErrorCommand>();
        await client.SendAsync(output => FrameWriter.Write(output, new PingCommand(9)));
        while (await client.NextFrameAsync() is { } frame)
        {
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Ceiling, out var head));
            if (head.Kind == FrameKind.Pong) return errors;
            if (head.Kind is FrameKind.Deliver or FrameKind.Publish) continue; // the broker's own messages, for root
            Assert.True(CommandReader.TryReadError(frame, out var error, out _), head.Kind.ToString());
            errors.Add(error);
        }

        throw new InvalidOperationException("the connection has ended");
    }
}
