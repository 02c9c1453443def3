using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using UdsBroker.Broker.Tests.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>A listener of type dgram: publishes without a session, their senders, floods and malformed datagrams.</summary>
public sealed class DatagramTests : IAsyncLifetime
{
    private BrokerInProcess _broker = null!;
    private RawClient _subscriber = null!;

    private string LogPath => _broker.PathOf("log.sock");

    public async ValueTask InitializeAsync()
    {
        _broker = await BrokerInProcess.StartAsync(
            "udsbroker.listeners.log.path={dir}/log.sock", "udsbroker.listeners.log.type=dgram", "udsbroker.listeners.log.max-packet=64 KiB");
        _subscriber = await _broker.ConnectAsync();
        await _subscriber.SubscribeAsync(1, ">");
        await _subscriber.FenceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _subscriber.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task A_message_of_an_unbound_sender_has_the_sender_zero()
    {
        using var socket = Connect();
        await SendAsync(socket, RawClient.Publish("log.app", "started"));

        var message = Assert.Single(await _subscriber.ReceiveAsync());
        Assert.Equal((Guid.Empty, "log.app", "started"), (message.Sender, message.Subject, message.Payload));
    }

    [Fact]
    public async Task Bound_senders_keep_an_identity_of_their_own()
    {
        using var first = Connect(bind: true);
        using var second = Connect(bind: true);
        var senders = new List<Guid>();
        foreach (var socket in new[] { first, second, first, second })
        {
            await SendAsync(socket, RawClient.Publish("log", "x"));
            senders.Add(Assert.Single(await _subscriber.ReceiveAsync()).Sender);
        }

        Assert.NotEqual(senders[0], senders[1]);
        Assert.Equal(senders[..2], senders[2..]);
        Assert.All(senders, sender => Assert.Equal(7, sender.Version));
    }

    [Fact]
    public async Task Several_messages_go_in_one_datagram()
    {
        using var socket = Connect();
        await SendAsync(socket, Core.Frames.Join(RawClient.Publish("a", "1"), RawClient.Publish("a", "2"), RawClient.Publish("b", "3")));

        Assert.Equal(["1", "2", "3"], await ReceiveAsync(3));
    }

    [Fact]
    public async Task A_malformed_datagram_is_dropped_and_the_next_one_is_not()
    {
        using var socket = Connect();
        byte[][] nonsense =
        [
            [], "no frame"u8.ToArray(), Core.Frames.Hello(), Core.Frames.Ping(1), RawClient.Publish("a", "cut")[..^1], new byte[65_537],
            RawClient.Publish("$SYS.stats", "forged"), [.. RawClient.Publish("a", "1"), .. RawClient.Publish("a", "2"), 0x95],
        ];
        foreach (var datagram in nonsense) await SendAsync(socket, datagram);
        await SendAsync(socket, RawClient.Publish("a", "good"));

        Assert.Equal(["good"], await ReceiveAsync(1));
        Assert.Equal(new Receipt(0, 0, 0), await _subscriber.FenceAsync(2));
    }

    [Fact]
    public async Task A_flood_from_many_senders_disturbs_no_connection_and_arrives_in_the_order_of_each()
    {
        const int Senders = 4, Each = 2000;
        var flooding = Enumerable.Range(0, Senders).Select(number => Task.Run(
            async () =>
            {
                using var socket = Connect();
                for (var i = 0; i < Each; i++) await SendAsync(socket, i % 10 == 9 ? "nonsense"u8.ToArray() : RawClient.Publish($"flood.{number}", $"{i}"));
            },
            TestContext.Current.CancellationToken)).ToArray();
        using var other = await _broker.ConnectAsync();
        for (var i = 0; i < 20; i++) await other.FenceAsync((ulong)i);

        var last = new Dictionary<string, int>();
        for (var received = 0; received < Senders * Each * 9 / 10;)
        {
            foreach (var (_, _, subject, payload) in await _subscriber.ReceiveAsync())
            {
                var number = int.Parse(payload, provider: null);
                Assert.True(last.GetValueOrDefault(subject, -1) < number);
                last[subject] = number;
                received++;
            }
        }

        await Task.WhenAll(flooding);
    }

    [Fact]
    public async Task A_sender_never_waits_for_a_subscriber_that_does_not_read()
    {
        using var deaf = await _broker.ConnectAsync();
        await deaf.SubscribeAsync(1, "big");
        await deaf.FenceAsync();
        using var socket = Connect();
        var message = RawClient.Publish("big", new string('x', 50_000));
        for (var i = 0; i < 400; i++)
        {
            await SendAsync(socket, message);
            await _subscriber.ReceiveAsync();
        }

        await SendAsync(socket, RawClient.Publish("end", ""));
        Assert.Equal("end", Assert.Single(await _subscriber.ReceiveAsync()).Subject);
    }

    [Fact]
    public async Task Datagrams_beyond_a_users_rate_are_dropped_counted_and_logged_once_a_second_and_those_of_others_are_routed()
    {
        await using var bounded = await BrokerInProcess.StartAsync(
            RealUser.OpenToAll, "udsbroker.access.default=allow", "udsbroker.users.receive-rate=100 KiB",
            "udsbroker.listeners.log.path={dir}/log.sock", "udsbroker.listeners.log.type=dgram");
        using var subscriber = await new RealUser(4243, 4243).ConnectAsync(bounded);
        await subscriber.SubscribeAsync(1, ">");
        await subscriber.FenceAsync();
        using var flooder = Connect(bounded.PathOf("log.sock"));

        // A second's worth at once, 200 of them for they count as 512 bytes each, and what comes in meanwhile.
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 3000; i++) await SendAsync(flooder, RawClient.Publish("flood", $"{i}"));
        OtherUser.Run(4244, 4244, [], () =>
        {
            using var stranger = Connect(bounded.PathOf("log.sock"));
            return stranger.Send(RawClient.Publish("other", "heard"));
        });

        var flooded = 0;
        for (var isHeard = false; !isHeard;)
        {
            var messages = await subscriber.ReceiveAsync();
            flooded += messages.Count(message => message.Subject == "flood");
            isHeard = messages.Any(message => message.Payload == "heard");
        }

        var most = 201 + (200 * Stopwatch.GetElapsedTime(started).TotalSeconds);
        Assert.InRange(flooded, 200, most);
        Assert.Equal(3000 - flooded, bounded.Context.Traffic.DatagramsRefused);
        var lines = bounded.Log.Where(line => line.StartsWith("181 ", StringComparison.Ordinal)).ToArray();
        Assert.InRange(lines.Length, 1, 2 + (int)Stopwatch.GetElapsedTime(started).TotalSeconds);
        Assert.All(lines, line => Assert.Contains("uid 0 gid 0: its user sends more than the 102400 bytes a second of udsbroker.users.receive-rate", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("identity")]
    public async Task Raw_protocols_answer_bound_senders(string protocol)
    {
        await using var raw = await BrokerInProcess.StartAsync($"udsbroker.listeners.main.protocol={protocol}", "udsbroker.listeners.main.type=dgram");
        using var socket = Connect(raw.Socket, bind: true);
        using var unbound = Connect(raw.Socket);
        var buffer = new byte[65_536];
        var answers = new List<string>();
        foreach (var text in new[] { "a", "", new string('e', 50_000) })
        {
            await SendAsync(unbound, "who?"u8.ToArray());
            await SendAsync(socket, Encoding.ASCII.GetBytes(text));
            answers.Add(Encoding.ASCII.GetString(buffer, 0, await ReceiveAsync(socket, buffer)));
            if (protocol == "echo") Assert.Equal(text, answers[^1]);
        }

        if (protocol == "identity") Assert.Equal(7, Guid.Parse(Assert.Single(answers.Distinct())).Version);
    }

    [Fact]
    public async Task A_drain_closes_the_socket_and_removes_its_file()
    {
        Assert.True(File.Exists(LogPath));

        await _broker.DrainAsync();

        Assert.False(File.Exists(LogPath));
    }

    private Socket Connect(bool bind = false) => Connect(LogPath, bind);

    private static Socket Connect(string path, bool bind = false)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        if (bind) socket.Bind(new UnixDomainSocketEndPoint($"\0udsb-test-{Guid.NewGuid()}"));
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private async Task<List<string>> ReceiveAsync(int count)
    {
        var payloads = new List<string>();
        while (payloads.Count < count) payloads.AddRange((await _subscriber.ReceiveAsync()).Select(m => m.Payload));
        return payloads;
    }

    private static Task<int> ReceiveAsync(Socket socket, byte[] buffer) =>
        socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(BrokerInProcess.Patience);

    private static Task<int> SendAsync(Socket socket, ReadOnlyMemory<byte> datagram) =>
        socket.SendAsync(datagram, TestContext.Current.CancellationToken).AsTask().WaitAsync(BrokerInProcess.Patience);
}
