using System.Diagnostics;
using System.Net.Sockets;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>Datagrams and who sent them: bound and not, empty, too large, from another process, with descriptors attached.</summary>
public sealed class DatagramSocketTests : IDisposable
{
    private const int MaxPacket = 16 << 10;

    private static readonly SocketFileOptions Options = TestSettings.File with { Type = UnixSocketType.Dgram, MaxPacket = MaxPacket };

    private readonly TestDirectory _directory = new();
    private readonly DatagramSocket _socket;
    private readonly byte[] _buffer = new byte[MaxPacket];
    private readonly DatagramSender _sender = new();

    public DatagramSocketTests() => _socket = DatagramSocket.Open(_directory["log.sock"], Options);

    public void Dispose()
    {
        _socket.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_datagram_comes_with_the_credentials_of_its_sender()
    {
        using var client = Connect();
        client.Send("hello"u8);

        Assert.Equal((5, ReceiveState.Received), Receive());
        Assert.Equal("hello"u8, _buffer.AsSpan(0, 5));
        Assert.Equal(Environment.ProcessId, _sender.Credentials.Pid);
        Assert.False(_sender.HasAddress);
        Assert.Equal((0, ReceiveState.Empty), Receive());
    }

    [Fact]
    public void Bound_senders_are_told_apart_by_path_and_by_abstract_name_and_can_be_answered()
    {
        using var path = Connect(_directory["client.sock"]);
        using var name = Connect($"\0udsb-test-{Guid.NewGuid()}");
        var keys = new List<byte[]>();
        foreach (var client in new[] { path, name, path, name })
        {
            client.Send("x"u8);
            Assert.Equal((1, ReceiveState.Received), Receive());
            Assert.True(_sender.HasAddress);
            keys.Add(_sender.Key.ToArray());
            Assert.True(_socket.TrySend("answer"u8, _sender));
            Assert.Equal(6, client.Receive(_buffer));
        }

        Assert.Equal(keys[0], keys[2]);
        Assert.Equal(keys[1], keys[3]);
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Fact]
    public void An_empty_datagram_is_one_and_a_too_large_one_is_reported_with_its_size()
    {
        using var client = Connect();
        client.Send(Array.Empty<byte>());
        client.Send(new byte[MaxPacket]);
        client.Send(new byte[MaxPacket + 1]);

        Assert.Equal((0, ReceiveState.Received), Receive());
        Assert.Equal((MaxPacket, ReceiveState.Received), Receive());
        Assert.Equal((MaxPacket + 1, ReceiveState.TooLarge), Receive());
    }

    [Fact]
    public async Task Waiting_ends_when_something_comes_and_takes_nothing_and_when_the_socket_is_closed()
    {
        var waiting = _socket.ReadableAsync();
        Assert.False(waiting.IsCompleted);
        using var client = Connect();
        client.Send("x"u8);
        await waiting;
        Assert.Equal((1, ReceiveState.Received), Receive());

        waiting = _socket.ReadableAsync();
        Assert.False(waiting.IsCompleted);
        _socket.Dispose();
        await waiting;
        Assert.Equal((0, ReceiveState.Ended), Receive());
        Assert.False(_socket.UntilReadable(() => { }));
        _socket.Dispose();
        Assert.False(File.Exists(_directory["log.sock"]));
    }

    [Fact]
    public async Task Descriptors_that_a_peer_attaches_are_not_received()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        var attached = _directory["attached"];
        using (File.Create(attached)) Assert.Contains(attached, OpenFiles());
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", [
            "-c",
            """
            import array, socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.connect(sys.argv[1])
            attached = open(sys.argv[2])
            for i in range(10):
                s.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [attached.fileno()] * 3))])
            """,
            _socket.Path.Text,
            attached,
        ]))!;
        for (var i = 0; i < 10;)
        {
            if (Receive() is not (1, ReceiveState.Received))
            {
                await _socket.ReadableAsync();
                continue;
            }

            Assert.Equal(python.Id, _sender.Credentials.Pid);
            i++;
        }

        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(attached, OpenFiles());
    }

    [Fact]
    public void An_abstract_address_is_free_again_when_its_socket_is_closed()
    {
        var address = $"@udsb-test-{Guid.NewGuid()}";
        using (var first = DatagramSocket.Open(address, Options))
        {
            var taken = Assert.Throws<SocketFileException>(() => DatagramSocket.Open(address, Options));
            Assert.Equal(SocketFileReason.AlreadyRunning, taken.Reason);
            Assert.True(first.IsStillOurs());
        }

        DatagramSocket.Open(address, Options).Dispose();
    }

    // What this process has open; null for what was closed meanwhile.
    private static IEnumerable<string?> OpenFiles() => [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(entry => new FileInfo(entry).LinkTarget)];

    private Socket Connect(string? boundTo = null)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        if (boundTo is not null) socket.Bind(new UnixDomainSocketEndPoint(boundTo));
        socket.Connect(_socket.Path.ToEndPoint());
        return socket;
    }

    private (int Bytes, ReceiveState State) Receive()
    {
        var received = _socket.TryReceive(_buffer, _sender, out var state);
        return (received, state);
    }
}
