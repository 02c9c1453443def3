using System.Buffers;
using System.Text;
using System.Text.Json;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>Requests to the broker itself, below _BROKER.: answers, refusals, statistics, and operators' commands.</summary>
public sealed class BrokerRequestTests
{
    [Fact]
    public async Task Any_client_gets_statistics_which_count_everything_before_its_request()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var gone = await broker.ConnectAsync();
        await gone.SendAsync(output => FrameWriter.Write(output, new GoodbyeCommand(CloseReason.ClientClosed, "")));
        await gone.ExpectGoodbyeAsync();
        using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(1, "a");
        await client.SendAsync((byte[])[.. RawClient.Publish("a", "1"), .. RawClient.Publish("b", "2")]);
        await client.ReceiveAsync();
        await client.FenceAsync();

        var (code, text) = await client.AskAsync("stats");

        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        Assert.Equal(Environment.ProcessId, root.GetProperty("pid").GetInt32());
        Assert.Equal(1, root.GetProperty("subscriptions").GetInt32());
        Assert.Equal((2, 1), (root.GetProperty("connections").GetProperty("accepted").GetInt32(), root.GetProperty("connections").GetProperty("open").GetInt32()));
        Assert.Equal("{\"clean\":1}", root.GetProperty("connections").GetProperty("ended").GetRawText());
        // The request itself is one of them. The presence of two new clients and one end, to which nobody subscribes, is not published at all.
        Assert.Equal((3, 2), (root.GetProperty("messages").GetProperty("published").GetInt32(), root.GetProperty("messages").GetProperty("matched").GetInt32()));
        Assert.Equal(0, root.GetProperty("messages").GetProperty("dropped").GetProperty("connection-ended").GetInt32());
        Assert.Equal("{\"messages\":0,\"bytes\":0,\"refused\":{\"user\":0,\"broker\":0}}", root.GetProperty("retained").GetRawText());
        Assert.Equal("{\"messages\":0,\"bytes\":0,\"refused\":{\"user\":0,\"broker\":0}}", root.GetProperty("delayed").GetRawText());
        Assert.Equal("{\"held\":0,\"budget\":1073741824}", root.GetProperty("memory").GetRawText());
        Assert.True(root.GetProperty("bytes").GetProperty("received").GetInt64() > 0);
        Assert.True(root.GetProperty("bytes").GetProperty("sent").GetInt64() > 0);
    }

    [Fact]
    public async Task Broker_messages_that_exceed_the_limits_are_not_sent_and_the_connection_lives()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.limits.max-payload=300 B", "udsbroker.limits.max-header-size=64 B", "udsbroker.system.statistics-interval=5ms");
        using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, "$SYS.>", new SubscribeOptions { Retained = false });
        await watcher.FenceAsync();
        var name = new string('n', 300);
        using var client = await broker.ConnectAsync(new HelloOptions { Name = name });
        using var late = await broker.ConnectAsync();
        await late.SubscribeAsync(1, $"$SYS.client.{client.Id}.connected");

        Assert.Equal((500, ""), await client.AskAsync("stats"));
        Assert.Equal((404, ""), await client.AskAsync("no-such-operation"));
        await client.SendAsync(output => FrameWriter.Write(output, new GoodbyeCommand(CloseReason.ClientClosed, name)));
        await client.ExpectGoodbyeAsync();

        foreach (var (reader, end) in new[] { (watcher, "connected"), (late, "connected"), (watcher, "connected"), (watcher, "disconnected") })
        {
            var message = Assert.Single(await reader.ReceiveAsync());
            Assert.InRange(message.Payload.Length, 1, 300);
            Assert.EndsWith(end, message.Subject, StringComparison.Ordinal);
            using var json = JsonDocument.Parse(message.Payload);
            Assert.Equal(Environment.ProcessId, json.RootElement.GetProperty("pid").GetInt32());
        }
    }

    [Fact]
    public async Task Statistics_say_how_many_messages_were_not_kept_and_whose_bound_it_was()
    {
        await using var broker = await BrokerInProcess.StartAsync(
            "udsbroker.users.max-retained-messages=1", "udsbroker.users.max-delayed-messages=0", "udsbroker.delayed.max-messages=1");
        using var client = await broker.ConnectAsync();
        await client.SendAsync(Frames.Join(
            Frames.Retained("a", "1"), Frames.Retained("b", "2"), Frames.Retained("c", "3"), Delayed("d"), Delayed("e")));
        for (var refused = 0; refused < 3; refused++) await client.ExpectAsync(FrameKind.Error);

        var (_, text) = await client.AskAsync("stats");

        using var json = JsonDocument.Parse(text);
        Assert.Equal("{\"user\":2,\"broker\":0}", json.RootElement.GetProperty("retained").GetProperty("refused").GetRawText());
        Assert.Equal("{\"user\":0,\"broker\":1}", json.RootElement.GetProperty("delayed").GetProperty("refused").GetRawText());

        static byte[] Delayed(string subject) => Frames.Publish(subject, "x", (KnownHeaders.Delay, "60000"));
    }

    [Fact]
    public async Task Statistics_are_published_while_somebody_is_subscribed()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.system.statistics-interval=20ms");
        using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(1, "$SYS.stats");

        for (var i = 0; i < 3; i++)
        {
            var message = Assert.Single(await client.ReceiveAsync());
            Assert.Equal((Guid.Empty, "$SYS.stats"), (message.Sender, message.Subject));
            using var json = JsonDocument.Parse(message.Payload);
            Assert.Equal(1, json.RootElement.GetProperty("connections").GetProperty("open").GetInt32());
        }
    }

    [Fact]
    public async Task An_unknown_operation_gets_404_with_the_known_ones_and_the_fence_is_answered_after_it()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();

        var (code, text) = await client.AskAsync("fly");

        Assert.Equal(404, code);
        Assert.Contains("drain, kick, stats", text, StringComparison.Ordinal);
        Assert.Equal(new Receipt(1, 1, 0), await client.FenceAsync());
    }

    [Fact]
    public async Task Many_requests_in_one_buffer_are_answered_in_order_before_the_fence_after_them()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync((byte[])[.. Enumerable.Range(0, 600).SelectMany(i => RawClient.Request("fly", $"_INBOX.{client.Id}.{i}", ""))]);
        await client.SendAsync(output => FrameWriter.Write(output, new PingCommand(9)));

        for (var i = 0; i < 600; i++) Assert.Equal($"_INBOX.{client.Id}.{i}", Assert.Single(await client.ReceiveAsync()).Subject);
        Assert.True(CommandReader.TryReadPong(await client.ExpectAsync(FrameKind.Pong), out ulong _, out var receipt));
        Assert.Equal(new Receipt(600, 600, 0), receipt);
    }

    [Theory]
    [InlineData("orders.eu")]
    [InlineData("_INBOX.0190163d-8694-739b-aea5-966c26f8ad91.1")]
    public async Task The_broker_answers_only_to_the_inbox_of_the_requester(string reply)
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();

        await client.SendAsync(RawClient.Request("stats", reply, ""));

        var error = await client.ExpectErrorAsync();
        Assert.Equal((ErrorCode.NotAllowed, "_BROKER.stats"), (error.Code, error.Context!["subject"]));
        Assert.Equal(new Receipt(0, 0, 0), await client.FenceAsync());
    }

    [Fact]
    public async Task A_request_larger_than_a_control_frame_is_refused()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();

        await client.SendAsync(RawClient.Request("kick", $"_INBOX.{client.Id}.1", new string('x', 1 << 16)));

        var error = await client.ExpectErrorAsync();
        Assert.Equal((ErrorCode.PayloadTooBig, $"_INBOX.{client.Id}.1"), (error.Code, error.Context!["reply"]));
        await client.FenceAsync();
    }

    [Fact]
    public async Task A_kicked_client_cannot_publish_during_its_grace_period()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.shutdown.grace-period=1s");
        using var observer = await broker.ConnectAsync();
        using var victim = await broker.ConnectAsync();
        using var operatorClient = await broker.ConnectAsync();
        await observer.SubscribeAsync(1, "late");
        await observer.SubscribeAsync(2, $"$SYS.client.{victim.Id}.disconnected");
        await observer.FenceAsync();
        await victim.SubscribeAsync(1, "fill");
        await victim.FenceAsync();
        for (var i = 0; i < 20; i++) await operatorClient.PublishAsync("fill", new string('x', 100_000)); // more than the kernel takes

        Assert.Equal((0, "{}"), await operatorClient.AskAsync("kick", $$"""{"id":"{{victim.Id}}"}"""));
        Receipt receipt;
        do
        {
            await operatorClient.PublishAsync("fill", "still admitted?");
            receipt = await operatorClient.FenceAsync();
        }
        while (receipt.Matched > 0);

        await victim.PublishAsync("late", "not any more");
        Assert.Equal($"$SYS.client.{victim.Id}.disconnected", Assert.Single(await observer.ReceiveAsync()).Subject);
    }

    [Fact]
    public async Task A_kicked_connection_gets_goodbye_and_its_end_is_announced()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var operatorClient = await broker.ConnectAsync();
        using var observer = await broker.ConnectAsync();
        using var victim = await broker.ConnectAsync();
        await observer.SubscribeAsync(1, "$SYS.client.*.disconnected");
        await observer.FenceAsync();

        Assert.Equal((0, "{}"), await operatorClient.AskAsync("kick", $$"""{"id":"{{victim.Id}}","message":"too loud"}"""));

        Assert.Equal(new GoodbyeCommand(CloseReason.Kicked, "too loud"), await victim.ExpectGoodbyeAsync());
        Assert.Contains("\"reason\":\"kicked\"", Assert.Single(await observer.ReceiveAsync()).Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_after_a_subscribe_finds_the_subscription_in_force()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var operatorClient = await broker.ConnectAsync();
        for (uint sid = 1; sid <= 30; sid++)
        {
            using var victim = await broker.ConnectAsync();
            var subscribe = new ArrayBufferWriter<byte>();
            FrameWriter.Write(subscribe, new SubscribeCommand(sid, Encoding.UTF8.GetBytes($"$SYS.client.{victim.Id}.disconnected"), SubscribeOptions.None));
            await operatorClient.SendAsync((byte[])[.. subscribe.WrittenSpan, .. RawClient.Request("kick", $"_INBOX.{operatorClient.Id}.7", $$"""{"id":"{{victim.Id}}"}""")]);
            var received = new List<uint> { (await operatorClient.ReceiveAsync())[0].Sids[0], (await operatorClient.ReceiveAsync())[0].Sids[0] };
            Assert.Equal([0u, sid], received.Order());
        }
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{}", 400)]
    [InlineData("[1]", 400)]
    [InlineData("{\"id\":\"me\"}", 400)]
    [InlineData("{\"id\":\"0190163d-8694-739b-aea5-966c26f8ad91\"}", 404)]
    public async Task An_impossible_kick_gets_its_error_code(string arguments, int code)
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();

        Assert.Equal(code, (await client.AskAsync("kick", arguments)).Code);
    }

    [Fact]
    public async Task A_client_that_is_no_operator_may_read_statistics_and_give_no_commands()
    {
        await using var broker = await BrokerInProcess.StartAsync(RealUser.OpenToAll, "udsbroker.access.default=allow");
        using var bystander = await broker.ConnectAsync();
        using var stranger = await new RealUser(4242, 4242).ConnectAsync(broker);

        Assert.Equal(0, (await stranger.AskAsync("stats")).Code);
        Assert.Equal(403, (await stranger.AskAsync("kick", $$"""{"id":"{{bystander.Id}}"}""")).Code);
        Assert.Equal(403, (await stranger.AskAsync("drain")).Code);

        await bystander.FenceAsync();
        using var next = await broker.ConnectAsync();
    }
}
