using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>A client of datagrams: it never waits, sends whole messages, and counts exactly what it drops.</summary>
public sealed class DatagramTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly byte[] _buffer = new byte[1 << 20];
    private Socket _broker;

    public DatagramTests() => _broker = Bind();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => _folder.File("d.sock");

    private UdsBrokerOptions Options => new() { Path = "unix-dgram:" + Path, Reconnect = new ReconnectOptions { MinDelay = TimeSpan.Zero } };

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_message_is_one_datagram_from_a_sender_with_a_name()
    {
        await using UdsBrokerClient client = new(Options);
        await client.PublishAsync("log.app", Text.Bytes("hello"), new Dictionary<string, string> { ["k"] = "v" }, "answers", Token);

        Assert.True(client.IsPublishOnly);
        Assert.True(client.IsConnected);
        SocketReceiveFromResult received = await _broker.ReceiveFromAsync(_buffer, SocketFlags.None, new UnixDomainSocketEndPoint("/"), Token);
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(_buffer.AsSpan(0, received.ReceivedBytes), Limits.Default, out FrameHead head));
        Assert.Equal((FrameKind.Publish, received.ReceivedBytes), (head.Kind, head.Length));
        Assert.Equal("log.app", Encoding.UTF8.GetString(_buffer, head.SubjectStart, head.SubjectLength));
        Assert.Equal("answers", Encoding.UTF8.GetString(_buffer, head.ReplyStart, head.ReplyLength));
        Assert.Equal("hello", Encoding.UTF8.GetString(_buffer, head.PayloadStart, head.PayloadLength));
        Assert.StartsWith("@udsbroker-", received.RemoteEndPoint.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_nobody_reads_it_goes_on_at_once_and_received_and_dropped_is_what_was_published()
    {
        const int Count = 200_000;
        UdsBrokerClient client = new(Options with { DrainTimeout = TimeSpan.FromSeconds(60) });
        for (int i = 0; i < Count; i++) Assert.True(client.PublishAsync("s", Text.Bytes($"{i}"), cancellationToken: Token).AsTask().IsCompletedSuccessfully);
        long dropped = client.DroppedPublishes;
        Assert.InRange(dropped, 1, Count - 1);

        Task closing = client.DisposeAsync().AsTask();
        List<int> received = [];
        while (received.Count + dropped < Count) received.AddRange(await ReceiveAsync());

        await closing;
        Assert.Equal(dropped, client.DroppedPublishes);
        Assert.Equal(Count, received.Count + dropped);
        Assert.Equal(received.Order(), received);
        Assert.Equal(received.Count, received.Distinct().Count());
    }

    [Fact]
    public async Task While_the_broker_is_away_messages_are_dropped_and_counted_and_then_go_out_again()
    {
        await using UdsBrokerClient client = new(Options);
        await client.PublishAsync("s", Text.Bytes("1"), cancellationToken: Token);
        Assert.Equal([1], await ReceiveAsync());
        _broker.Dispose();
        for (int i = 2; i < 12; i++) await client.PublishAsync("s", Text.Bytes($"{i}"), cancellationToken: Token);
        Assert.Equal(10, client.DroppedPublishes);
        Assert.False(client.IsConnected);

        _broker = Bind();
        await client.PublishAsync("s", Text.Bytes("12"), cancellationToken: Token);

        Assert.Equal([12], await ReceiveAsync());
        Assert.Equal(10, client.DroppedPublishes);
    }

    [Fact]
    public async Task A_client_may_start_before_its_broker_but_connecting_says_that_nobody_is_there()
    {
        _broker.Dispose();
        File.Delete(Path);
        await using UdsBrokerClient client = new(Options);

        await client.PublishAsync("s", Text.Bytes("lost"), cancellationToken: Token);
        ConnectFailedException error = await Assert.ThrowsAsync<ConnectFailedException>(() => client.ConnectAsync(Token).AsTask());

        Assert.Equal(ConnectFailure.NotFound, error.Failure);
        Assert.Equal(1, client.DroppedPublishes);
    }

    [Fact]
    public async Task What_needs_an_answer_is_not_supported_and_says_so()
    {
        await using UdsBrokerClient client = new(Options);
        await Assert.ThrowsAsync<NotSupportedException>(() => client.SubscribeAsync("a", cancellationToken: Token).AsTask());
        await Assert.ThrowsAsync<NotSupportedException>(() => client.RequestAsync("a", default, cancellationToken: Token).AsTask());
        await Assert.ThrowsAsync<NotSupportedException>(() => client.FlushAsync(Token).AsTask());
        await Assert.ThrowsAsync<NotSupportedException>(() => client.PingAsync(Token).AsTask());
        await Assert.ThrowsAsync<NotSupportedException>(() => client.OpenInboxAsync(cancellationToken: Token).AsTask());
        await client.DrainAsync(Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.PublishAsync("a", default, cancellationToken: Token).AsTask());
    }

    [Fact]
    public async Task What_is_not_supported_does_not_depend_on_the_broker()
    {
        await using UdsBrokerClient client = new(new UdsBrokerOptions { Path = "unix-dgram:/nowhere/at-all.sock" });
        await Assert.ThrowsAsync<NotSupportedException>(() => client.RequestAsync("a", default, cancellationToken: Token).AsTask());
        await Assert.ThrowsAsync<NotSupportedException>(() => client.RequestManyAsync("a", default, cancellationToken: Token).GetAsyncEnumerator(Token).MoveNextAsync().AsTask());
        await Assert.ThrowsAsync<NotSupportedException>(() => client.PingAsync(Token).AsTask());
    }

    [Fact]
    public async Task A_message_beyond_a_datagram_and_a_wrong_subject_are_errors_and_not_drops()
    {
        await using UdsBrokerClient client = new(Options);
        UdsBrokerException error = await Assert.ThrowsAsync<UdsBrokerException>(() => client.PublishAsync("s", new byte[500_000], cancellationToken: Token).AsTask());
        Assert.Equal(ErrorCode.PayloadTooBig, error.Code);
        await Assert.ThrowsAsync<FormatException>(() => client.PublishAsync("a..b", default, cancellationToken: Token).AsTask());

        await client.PublishAsync("s", new byte[380_000], cancellationToken: Token);
        Assert.Equal(380_000, (await _broker.ReceiveAsync(_buffer, SocketFlags.None, Token)) - FrameWriter.PublishOverhead(1, -1, 0, 380_000));
        Assert.Equal(0, client.DroppedPublishes);
    }

    [Fact]
    public async Task A_path_that_others_may_take_is_refused_unless_that_is_no_risk()
    {
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1FF);
        await AssertRefusedAsync(Options);
        await using UdsBrokerClient trusting = new(Options with { VerifyServerUid = false });
        await trusting.ConnectAsync(Token);

        await AssertRefusedAsync(Options with { Path = $"unix-dgram:@udsb-{Guid.CreateVersion7()}" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("sub")]
    [InlineData("sub/d.sock")]
    public async Task A_path_that_belongs_to_another_user_is_refused_unless_that_is_the_broker_s(string foreign)
    {
        const uint Squatter = 12345;
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files to other users");
        Directory.CreateDirectory(_folder.File("sub"));
        string path = _folder.File("sub/d.sock");
        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        await Process.Start("chown", [$"{Squatter}", _folder.File(foreign)]).WaitForExitAsync(Token);

        await AssertRefusedAsync(Options with { Path = $"unix-dgram:{path}" });
        await AssertRefusedAsync(Options with { Path = $"unix-dgram:{path}", ExpectedServerUid = Squatter + 1 });
        await using UdsBrokerClient client = new(Options with { Path = $"unix-dgram:{path}", ExpectedServerUid = Squatter });
        await client.ConnectAsync(Token);
    }

    [Fact]
    public async Task A_path_below_a_directory_that_all_may_change_is_refused()
    {
        string directory = Directory.CreateDirectory(_folder.File("all/own")).FullName;
        File.SetUnixFileMode(_folder.File("all"), (UnixFileMode)0x1FF);
        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint($"{directory}/d.sock"));

        await AssertRefusedAsync(Options with { Path = $"unix-dgram:{directory}/d.sock" });
        File.SetUnixFileMode(_folder.File("all"), (UnixFileMode)0x3FF);
        await using UdsBrokerClient client = new(Options with { Path = $"unix-dgram:{directory}/d.sock" });
        await client.ConnectAsync(Token);
    }

    [Theory]
    [InlineData("unix:/a/b", "Stream", "/a/b")]
    [InlineData("/a/b", "Stream", "/a/b")]
    [InlineData("@name", "Stream", "@name")]
    [InlineData("unix-seqpacket:/a/b", "SeqPacket", "/a/b")]
    [InlineData("unix-seqpacket:@name", "SeqPacket", "@name")]
    [InlineData("unix-dgram:/a/b", "Dgram", "/a/b")]
    [InlineData("unix-dgram:@name", "Dgram", "@name")]
    public void Addresses_name_their_kind_before_the_path(string text, string kind, string path)
    {
        SocketAddress address = SocketAddress.Parse(text);
        Assert.Equal((kind, path), (address.Kind.ToString(), address.Text));
    }

    [Fact]
    public async Task A_socket_of_another_kind_is_named()
    {
        await using UdsBrokerClient client = new(new UdsBrokerOptions { Path = "unix-seqpacket:" + Path });
        ConnectFailedException error = await Assert.ThrowsAsync<ConnectFailedException>(() => client.ConnectAsync(Token).AsTask());
        Assert.Contains("not of type seqpacket", error.Message, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(UdsBrokerOptions options)
    {
        await using UdsBrokerClient client = new(options);
        ConnectFailedException error = await Assert.ThrowsAsync<ConnectFailedException>(() => client.ConnectAsync(Token).AsTask());
        Assert.Equal(ConnectFailure.WrongServerUid, error.Failure);
    }

    private Socket Bind()
    {
        File.Delete(Path);
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path));
        return socket;
    }

    // The numbers in one datagram, which holds whole messages.
    private async Task<List<int>> ReceiveAsync()
    {
        int length = await _broker.ReceiveAsync(_buffer, SocketFlags.None, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token);
        List<int> numbers = [];
        for (int at = 0; at < length;)
        {
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(_buffer.AsSpan(at, length - at), Limits.Default, out FrameHead head));
            numbers.Add(int.Parse(Encoding.UTF8.GetString(_buffer, at + head.PayloadStart, head.PayloadLength), provider: null));
            at += head.Length;
        }

        return numbers;
    }
}
