using System.Globalization;
using System.Net.Sockets;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>Accepting: credentials, the end of a listener, what errors mean, both name spaces.</summary>
public sealed class UnixListenerTests : IDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(UnixSocketType.Stream)]
    [InlineData(UnixSocketType.SeqPacket)]
    public async Task An_accepted_connection_says_who_connected(UnixSocketType type)
    {
        using var listener = Open(TestSettings.File with { Type = type });
        using var client = await ConnectAsync(listener.Path, type);

        using var connection = await listener.AcceptAsync();

        Assert.Equal(Environment.ProcessId, connection!.Peer.Pid);
        Assert.Equal(Environment.IsPrivilegedProcess, connection.Peer.Uid == 0);
        Assert.NotNull(connection.Peer.Gid);
        Assert.Equal(Environment.ProcessPath, connection.Peer.Executable);
    }

    [Fact]
    public async Task The_peers_supplementary_groups_are_those_of_its_process()
    {
        var line = File.ReadLines("/proc/self/status").Single(status => status.StartsWith("Groups:", StringComparison.Ordinal));
        var groups = line["Groups:".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        using var listener = Open();
        using var client = await ConnectAsync(listener.Path);

        using var connection = await listener.AcceptAsync();

        Assert.Equal(groups, connection!.Peer.Groups.Select(group => group.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Credentials_outlive_the_peer()
    {
        using var listener = Open();
        (await ConnectAsync(listener.Path)).Dispose();

        using var connection = await listener.AcceptAsync();

        Assert.Equal(Environment.ProcessId, connection!.Peer.Pid);
        Assert.Equal(0, await connection.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task A_pending_accept_ends_with_nothing_when_the_listener_is_closed()
    {
        var listener = Open();
        var accept = listener.AcceptAsync().AsTask();

        listener.Dispose();

        Assert.Null(await accept.WaitAsync(Hang, TestContext.Current.CancellationToken));
        Assert.Null(await listener.AcceptAsync());
        Assert.False(File.Exists(_directory["broker.sock"]));
    }

    [Fact]
    public async Task Connections_live_on_when_their_listener_is_closed()
    {
        var listener = Open();
        using var client = await ConnectAsync(listener.Path);
        using var connection = await listener.AcceptAsync();

        listener.Dispose();
        await client.SendAsync("on"u8.ToArray(), TestContext.Current.CancellationToken);

        var buffer = new byte[8];
        Assert.Equal(2, await connection!.ReceiveAsync(buffer));
        Assert.Equal("on"u8.ToArray(), buffer[..2]);
    }

    [Fact]
    public async Task A_client_refused_for_a_full_backlog_gets_in_later()
    {
        using var listener = Open(TestSettings.File with { Backlog = 1 });
        var waiting = new List<Socket>();
        try
        {
            while (true)
            {
                try
                {
                    waiting.Add(await ConnectAsync(listener.Path));
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
                {
                    break;
                }
            }

            using var accepted = await listener.AcceptAsync();
            waiting.Add(await ConnectAsync(listener.Path));
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task An_abstract_address_has_no_file_and_one_owner()
    {
        var address = $"@udsb-test-{Guid.CreateVersion7()}";
        using var listener = UnixListener.Open(address, TestSettings.File);

        using var client = await ConnectAsync(listener.Path);
        using var connection = await listener.AcceptAsync();
        var failure = Assert.Throws<SocketFileException>(() => UnixListener.Open(address, TestSettings.File));

        Assert.Equal(Environment.ProcessId, connection!.Peer.Pid);
        Assert.Equal(SocketFileReason.AlreadyRunning, failure.Reason);
        Assert.Contains(address, failure.Message, StringComparison.Ordinal);
        Assert.True(listener.IsStillOurs());
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Root));
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, AcceptFailure.BackOff)]
    [InlineData(SocketError.NoBufferSpaceAvailable, AcceptFailure.BackOff)]
    [InlineData(SocketError.SocketError, AcceptFailure.BackOff)]
    [InlineData(SocketError.InvalidArgument, AcceptFailure.Fatal)]
    [InlineData(SocketError.OperationNotSupported, AcceptFailure.Fatal)]
    public void A_shortage_calls_for_a_pause_and_any_other_error_ends_the_listener(SocketError error, AcceptFailure trouble) =>
        Assert.Equal(trouble, UnixListener.Classify(error));

    private static async Task<Socket> ConnectAsync(SocketPath path, UnixSocketType type = UnixSocketType.Stream)
    {
        var client = type.CreateSocket();
        try
        {
            await client.ConnectAsync(path.ToEndPoint(), TestContext.Current.CancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    [Fact]
    public async Task A_wider_send_buffer_takes_more_for_a_peer_that_does_not_read_and_none_is_made_narrower()
    {
        var usual = await TakenAsync(sendBuffer: 0);
        Assert.Equal(usual, await TakenAsync(sendBuffer: 64 << 10));
        Assert.InRange(await TakenAsync(sendBuffer: 416 << 10), usual * 3 / 2, usual * 5 / 2);
    }

    // How many bytes the kernel takes at once.
    private async Task<int> TakenAsync(int sendBuffer)
    {
        using var listener = Open(TestSettings.File with { SendBuffer = sendBuffer });
        using var client = await ConnectAsync(listener.Path);
        using var connection = await listener.AcceptAsync();
        return connection!.TrySend(new byte[4 << 20], out _);
    }

    private UnixListener Open(SocketFileOptions? options = null) => UnixListener.Open(_directory["broker.sock"], options ?? TestSettings.File);
}
