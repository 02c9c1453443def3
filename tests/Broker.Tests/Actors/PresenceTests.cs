using System.Text.Json;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>
/// Clients that connect and end are announced on $SYS.client, with their credentials from the kernel and the reason; wills are published
/// for those that did not end in order.
/// </summary>
public sealed class PresenceTests
{
    [Fact]
    public async Task A_client_is_announced_before_it_is_welcomed_with_what_it_and_the_kernel_say()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, "$SYS.client.>", new SubscribeOptions { Retained = false });
        await watcher.FenceAsync();

        using var client = await broker.ConnectAsync(new HelloOptions { Name = "sensor", Lang = "c", LibraryVersion = "2.1" });

        var (sender, sids, subject, payload) = Assert.Single(await watcher.ReceiveAsync());
        Assert.Equal((Guid.Empty, $"$SYS.client.{client.Id}.connected"), (sender, subject));
        Assert.Equal([1u], sids);
        using var json = JsonDocument.Parse(payload);
        var root = json.RootElement;
        Assert.Equal(client.Id, root.GetProperty("id").GetGuid());
        Assert.Equal(["sensor", "c", "2.1", "main"], new[] { "name", "lang", "version", "listener" }.Select(key => root.GetProperty(key).GetString()));
        Assert.Equal(Environment.ProcessId, root.GetProperty("pid").GetInt32());
        Assert.Equal(client.Info.Uid, root.GetProperty("uid").GetUInt32());
        Assert.Equal(client.Info.Gid, root.GetProperty("gid").GetUInt32());
        Assert.Equal(Environment.ProcessPath, root.GetProperty("executable").GetString());
        Assert.InRange(root.GetProperty("time").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-2), TimeProvider.System.GetUtcNow().AddMinutes(2));
        Assert.False(root.TryGetProperty("reason", out _));
    }

    [Fact]
    public async Task The_groups_of_a_client_are_in_its_welcome_and_in_its_presence()
    {
        await using var broker = await BrokerInProcess.StartAsync(RealUser.OpenToAll, "udsbroker.access.default=allow");
        using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, "$SYS.client.>", new SubscribeOptions { Retained = false });
        await watcher.FenceAsync();

        uint[] groups = [.. Enumerable.Range(5000, WelcomeInfo.MaxGroups + 1).Select(gid => (uint)gid)];
        using var client = await new RealUser(3001, 3101, groups).ConnectAsync(broker);

        Assert.Equal(groups[..^1], client.Info.Groups);
        using var json = JsonDocument.Parse(Assert.Single(await watcher.ReceiveAsync()).Payload);
        Assert.Equal(groups, json.RootElement.GetProperty("groups").EnumerateArray().Select(group => group.GetUInt32()));
    }

    [Fact]
    public async Task A_new_subscription_gets_the_connected_clients_first_marked_as_retained_and_none_that_has_gone()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var first = await broker.ConnectAsync(new HelloOptions { Name = "first" });
        using var gone = await broker.ConnectAsync(new HelloOptions { Name = "gone" });
        await gone.SendAsync(output => FrameWriter.Write(output, new GoodbyeCommand(CloseReason.ClientClosed, "")));
        await gone.ExpectGoodbyeAsync();
        using var second = await broker.ConnectAsync(new HelloOptions { Name = "second" });
        using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, "$SYS.client.*.connected");
        await watcher.SubscribeAsync(2, "$SYS.client.>", new SubscribeOptions { Retained = false });
        await watcher.SendAsync(output => FrameWriter.Write(output, new PingCommand(1)));

        foreach (var expected in new[] { first, second, watcher })
        {
            Assert.True(CommandReader.TryReadDeliver(await watcher.ExpectAsync(FrameKind.Deliver), out DeliverCommand? deliver, out _));
            Assert.Equal((DeliverFlags.Retained, Guid.Empty, 1u), (deliver.Flags, deliver.Sender, deliver.Count));
            Assert.Equal([1u], deliver.Sids);
            var frame = await watcher.ExpectAsync(FrameKind.Publish);
            Assert.Contains($"$SYS.client.{expected.Id}.connected", System.Text.Encoding.UTF8.GetString(frame), StringComparison.Ordinal);
        }

        await watcher.ExpectAsync(FrameKind.Pong);
    }

    [Fact]
    public async Task A_will_may_be_retained()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, "$SYS.client.*.disconnected");
        await watcher.FenceAsync();
        var headers = new Dictionary<string, string> { [KnownHeaders.Retain] = "1" };
        var client = await broker.ConnectAsync(new HelloOptions { Will = new LastWill("pump.state", "lost"u8.ToArray()) { Headers = headers } });
        client.Dispose();
        await watcher.ReceiveAsync();

        using var late = await broker.ConnectAsync();
        await late.SubscribeAsync(1, "pump.>");

        var will = Assert.Single(await late.ReceiveAsync());
        Assert.Equal((client.Id, "pump.state", "lost"), (will.Sender, will.Subject, will.Payload));
    }

    [Theory]
    [InlineData("930a01a0", "clean")]
    [InlineData("c1", "violation")]
    [InlineData("9505db7fffffff", "too-big")]
    [InlineData("", "crashed")]
    public async Task The_end_is_announced_with_its_reason(string hex, string reason)
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var watcher = await broker.ConnectAsync();
        using var client = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, $"$SYS.client.{client.Id}.disconnected");
        await watcher.FenceAsync();

        if (hex.Length == 0) client.Dispose();
        else await client.SendAsync(Convert.FromHexString(hex));

        using var json = JsonDocument.Parse(Assert.Single(await watcher.ReceiveAsync()).Payload);
        Assert.Equal(reason, json.RootElement.GetProperty("reason").GetString());
        Assert.True(CloseReasons.TryParse(reason, out var code));
        Assert.Equal((byte)code, json.RootElement.GetProperty("code").GetByte());
        Assert.NotNull(json.RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Raw_connections_and_those_that_never_say_hello_are_not_announced()
    {
        await using var broker = await BrokerInProcess.StartAsync(
            "udsbroker.listeners.echo.protocol=echo", "udsbroker.listeners.echo.path=@udsb-presence-" + Guid.CreateVersion7());
        using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, "$SYS.client.>", new SubscribeOptions { Retained = false });
        await watcher.FenceAsync();

        using (var silent = RawClient.Open(broker.Socket)) await silent.SendAsync(new byte[] { 0xC1 });
        using (var raw = RawClient.Open("\0" + broker.Settings.Listeners[0].Path[1..]))
        {
            await raw.SendAsync("x"u8.ToArray());
        }

        var client = await broker.ConnectAsync();
        Assert.Equal($"$SYS.client.{client.Id}.connected", Assert.Single(await watcher.ReceiveAsync()).Subject);
        client.Dispose();
    }

    [Fact]
    public async Task A_will_is_published_after_all_that_its_client_published_and_before_its_end_is_announced()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, "pump.>");
        await watcher.SubscribeAsync(2, "$SYS.client.*.disconnected");
        await watcher.FenceAsync();
        var client = await broker.ConnectAsync(new HelloOptions { Will = new LastWill("pump.state", "lost"u8.ToArray()) });
        await client.PublishAsync("pump.state", "running");

        client.Dispose();

        var first = Assert.Single(await watcher.ReceiveAsync());
        var will = Assert.Single(await watcher.ReceiveAsync());
        Assert.Equal((client.Id, "pump.state", "running"), (first.Sender, first.Subject, first.Payload));
        Assert.Equal((client.Id, "pump.state", "lost"), (will.Sender, will.Subject, will.Payload));
        Assert.EndsWith(".disconnected", Assert.Single(await watcher.ReceiveAsync()).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_in_order_leaves_no_will()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, ">");
        await watcher.SubscribeAsync(2, "$SYS.client.*.disconnected");
        await watcher.FenceAsync();
        using var client = await broker.ConnectAsync(new HelloOptions { Will = new LastWill("state", "lost"u8.ToArray()) });

        await client.SendAsync(output => FrameWriter.Write(output, new GoodbyeCommand(CloseReason.ClientClosed, "")));

        Assert.EndsWith(".disconnected", Assert.Single(await watcher.ReceiveAsync()).Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a..b", "empty token")]
    [InlineData("$SYS.client", "belongs to the broker")]
    [InlineData("_BROKER.drain", "belongs to the broker")]
    [InlineData("a", "Udsb-Retain", "yes")]
    public async Task A_will_that_cannot_be_published_is_an_error_after_welcome_and_no_will(string subject, string problem, string? retain = null)
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(1, ">");
        await watcher.SubscribeAsync(2, "$SYS.>", new SubscribeOptions { Retained = false });
        await watcher.FenceAsync();
        var headers = retain is null ? null : new Dictionary<string, string> { [KnownHeaders.Retain] = retain };
        var client = await broker.ConnectAsync(new HelloOptions { Will = new LastWill(subject, default) { Headers = headers } });

        var error = await client.ExpectErrorAsync();

        Assert.Equal(ErrorCode.BadOption, error.Code);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        await client.FenceAsync();
        client.Dispose();
        Assert.EndsWith(".connected", Assert.Single(await watcher.ReceiveAsync()).Subject, StringComparison.Ordinal);
        Assert.EndsWith(".disconnected", Assert.Single(await watcher.ReceiveAsync()).Subject, StringComparison.Ordinal);
    }
}
