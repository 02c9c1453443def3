using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class ConnectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connecting_says_hello_and_learns_who_is_there()
    {
        using FakeBroker broker = new();
        await using UdsBrokerClient client = new(broker.Options with { Name = "tester" });
        Task connecting = client.ConnectAsync(Token).AsTask();
        using FakePeer peer = await broker.AcceptAsync();
        SentFrame hello = await peer.ExpectAsync(FrameKind.Hello);
        Assert.False(client.IsConnected);
        await peer.SendAsync(Wire.Welcome());
        await connecting;

        Assert.True(CommandReader.TryReadHello(hello.Bytes, out HelloCommand? command, out _));
        Assert.Equal((WireVersion.Current, "tester", "dotnet"), (command.Version, command.Options.Name, command.Options.Lang));
        Assert.True(client.IsConnected);
        Assert.Equal(Wire.SomeId, client.Id);
        Assert.Equal(("fake", "1.2.3", broker.Path), (client.Server!.Broker, client.Server.BrokerVersion, client.Server.Path));
        Assert.Equal(Environment.ProcessId, client.Server.ServerCredentials!.Value.ProcessId);
        Assert.Equal(new PeerCredentials(4713, 4711, 4712), client.Server.OwnCredentials);
        Assert.Equal([4714u, 4715u], client.Server.OwnGroups);
    }

    [Fact]
    public async Task A_welcome_in_single_bytes_is_a_welcome()
    {
        using FakeBroker broker = new();
        await using UdsBrokerClient client = new(broker.Options);
        Task connecting = client.ConnectAsync(Token).AsTask();
        using FakePeer peer = await broker.AcceptAsync();
        foreach (byte one in Wire.Welcome()) await peer.SendAsync([one]);
        await connecting;
        Assert.Equal(Wire.SomeId, client.Id);
    }

    [Fact]
    public async Task Where_no_file_is_the_error_names_the_path_and_the_next_call_tries_again()
    {
        using TestFolder folder = new();
        string path = folder.File("nothing.sock");
        await using UdsBrokerClient client = new(new UdsBrokerOptions { Path = path });
        for (int attempt = 0; attempt < 2; attempt++)
        {
            ConnectFailedException error = await Assert.ThrowsAsync<ConnectFailedException>(() => client.ConnectAsync(Token).AsTask());
            Assert.Equal((ConnectFailure.NotFound, path), (error.Failure, error.Path));
            Assert.Equal($"There is no socket at {path}. Is the broker started, with this path?", error.Problem);
            Assert.Equal($"{error.Problem} (Path or $UDSBROKER_SOCKET chooses another.)", error.Message);
        }

        await Assert.ThrowsAsync<ConnectFailedException>(() => client.PublishAsync("a", Text.Bytes("x"), cancellationToken: Token).AsTask());
        await Assert.ThrowsAsync<ConnectFailedException>(() => client.SubscribeAsync("a", cancellationToken: Token).AsTask());
    }

    [Fact]
    public async Task A_stale_socket_a_directory_and_a_plain_file_are_told_apart()
    {
        using TestFolder folder = new();
        string stale = folder.File("stale.sock"), file = folder.File("file");
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(stale));
            await File.WriteAllTextAsync(file, "hello", Token);
            Assert.Contains("Nobody listens", await RefusalAsync(stale), StringComparison.Ordinal);
        }

        Assert.Contains("is a directory", await RefusalAsync(folder.Path), StringComparison.Ordinal);
        Assert.Contains("is a plain file", await RefusalAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_too_long_is_refused_with_its_bytes_and_the_limit()
    {
        ConnectFailedException error = await FailureAsync(new UdsBrokerOptions { Path = "/" + new string('é', 60) });
        Assert.Equal(ConnectFailure.BadPath, error.Failure);
        Assert.Contains("121 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("at most 107", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_user_than_expected_is_left_before_hello()
    {
        using FakeBroker broker = new();
        Task<FakePeer> accepting = broker.AcceptAsync();
        ConnectFailedException error = await FailureAsync(broker.Options with { ExpectedServerUid = 123456 });
        Assert.Equal(ConnectFailure.WrongServerUid, error.Failure);
        Assert.EndsWith("expected is uid 123456.", error.Problem, StringComparison.Ordinal);
        Assert.Equal($"{error.Problem} ExpectedServerUid says so.", error.Message);
        using FakePeer peer = await accepting;
        Assert.Null(await peer.ReadAsync());
    }

    [Theory]
    [InlineData(0u, null, 1000u, true)]
    [InlineData(1000u, null, 1000u, true)]
    [InlineData(1001u, null, 1000u, false)]
    [InlineData(65534u, null, 65534u, false)]
    [InlineData(65534u, 65534u, 1000u, true)]
    [InlineData(0u, 1000u, 1000u, false)]
    public void The_server_must_be_root_or_this_user_or_who_is_expected(uint server, uint? expected, uint own, bool isTrusted)
    {
        UdsBrokerOptions options = new() { ExpectedServerUid = expected };
        Assert.Equal(isTrusted, ServerCheck.FindProblem(new PeerCredentials(1, server, server), options, () => own) is null);
        Assert.NotNull(ServerCheck.FindProblem(null, options, () => own));
        Assert.Null(ServerCheck.FindProblem(null, options with { VerifyServerUid = false }, () => own));
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_runs_into_the_timeout()
    {
        using FakeBroker broker = new();
        ConnectFailedException error = await FailureAsync(broker.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(ConnectFailure.TimedOut, error.Failure);
    }

    [Fact]
    public async Task A_goodbye_instead_of_a_welcome_gives_its_reason()
    {
        using FakeBroker broker = new();
        Task<ConnectFailedException> failing = FailureAsync(broker.Options);
        using FakePeer peer = await broker.AcceptAsync();
        await peer.SendAsync(Wire.Goodbye(CloseReason.TooManyConnections, "100 of 100"));
        ConnectFailedException error = await failing;
        Assert.Equal((ConnectFailure.Handshake, CloseReason.TooManyConnections), (error.Failure, error.Reason));
        Assert.Contains("100 of 100", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_speaks_another_protocol_is_reported()
    {
        await SaysAsync("it sends back what it is sent", hello => hello);
        await SaysAsync("it sends an identity as text", _ => System.Text.Encoding.ASCII.GetBytes($"{Wire.SomeId}"));
        await SaysAsync("its first bytes are no frame of a broker", _ => "HTTP/1.1 400 Bad Request"u8.ToArray());
        await SaysAsync("its first bytes are no frame of a broker", _ => Wire.Ping(1));

        static async Task SaysAsync(string what, Func<byte[], byte[]> answer) =>
            Assert.Contains($"does not speak udsb: {what}", await AnsweredAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_welcome_that_cannot_be_taken_is_still_a_brokers()
    {
        string message = await AnsweredAsync(_ => Wire.Welcome(version: 2), CloseReason.UnsupportedVersion);
        Assert.Contains("ended the connection before its WELCOME", message, StringComparison.Ordinal);
        Assert.Contains("version 2 of the wire", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_turned_away_before_it_can_say_hello_learns_why()
    {
        using FakeBroker broker = new();
        await using UdsBrokerClient client = new(broker.Options);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(broker.Path), Token);
        using (FakePeer peer = await broker.AcceptAsync()) await peer.SendAsync(Wire.Goodbye(CloseReason.NotAllowed, "no rule"));
        using Connection connection = new(client, broker.Options, socket, SocketAddress.Parse(broker.Path));

        ConnectFailedException error = await Assert.ThrowsAsync<ConnectFailedException>(() => connection.GreetAsync(Token));

        Assert.Equal(CloseReason.NotAllowed, error.Reason);
        Assert.Contains("no rule", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_connect_can_wait_for_a_broker_that_starts_later()
    {
        RoutingBroker broker = new();
        await broker.StopAsync();
        File.Delete(broker.Path);
        await using UdsBrokerClient client = new(broker.Options with { RetryFirstConnect = true });
        Task connecting = client.ConnectAsync(Token).AsTask();
        broker.Start();
        await connecting.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.True(client.IsConnected);
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task A_full_backlog_is_tried_again_until_there_is_room()
    {
        using TestFolder folder = new();
        string path = folder.File("full.sock");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        List<Socket> crowd = [];
        try
        {
            while (true)
            {
                Socket one = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                crowd.Add(one);
                await one.ConnectAsync(new UnixDomainSocketEndPoint(path), Token);
            }
        }
        catch (SocketException full)
        {
            Assert.Equal(SocketError.WouldBlock, full.SocketErrorCode);
        }

        await using UdsBrokerClient client = new(new UdsBrokerOptions { Path = path });
        Task connecting = client.ConnectAsync(Token).AsTask();
        for (int i = 0; i < crowd.Count - 1; i++) (await listener.AcceptAsync(Token)).Dispose();
        using FakePeer peer = new(await listener.AcceptAsync(Token));
        await peer.ExpectAsync(FrameKind.Hello);
        await peer.SendAsync(Wire.Welcome());
        await connecting;
        crowd.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task Cancelling_a_connect_ends_the_waiting_only()
    {
        using FakeBroker broker = new();
        await using UdsBrokerClient client = new(broker.Options);
        using CancellationTokenSource impatient = new();
        Task first = client.ConnectAsync(impatient.Token).AsTask();
        using FakePeer peer = await broker.AcceptAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Task second = client.ConnectAsync(Token).AsTask();
        await peer.ExpectAsync(FrameKind.Hello);
        await peer.SendAsync(Wire.Welcome());
        await second;
    }

    private static async Task<string> AnsweredAsync(Func<byte[], byte[]> answer, CloseReason reason = CloseReason.Violation)
    {
        using FakeBroker broker = new();
        Task<ConnectFailedException> failing = FailureAsync(broker.Options);
        using FakePeer peer = await broker.AcceptAsync();
        await peer.SendAsync(answer((await peer.ExpectAsync(FrameKind.Hello)).Bytes));
        ConnectFailedException error = await failing;
        Assert.Equal((ConnectFailure.Handshake, reason), (error.Failure, error.Reason));
        Assert.False(error.IsTransient);
        Assert.Contains(broker.Path, error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    private static async Task<string> RefusalAsync(string path)
    {
        ConnectFailedException error = await FailureAsync(new UdsBrokerOptions { Path = path });
        Assert.Equal(ConnectFailure.Refused, error.Failure);
        return error.Message;
    }

    private static async Task<ConnectFailedException> FailureAsync(UdsBrokerOptions options)
    {
        await using UdsBrokerClient client = new(options);
        return await Assert.ThrowsAsync<ConnectFailedException>(() => client.ConnectAsync(Token).AsTask());
    }
}
