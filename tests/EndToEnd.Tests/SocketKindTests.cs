using System.Globalization;
using System.Text.RegularExpressions;
using UdsBroker.Client;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>Stream, seqpacket and dgram listeners of one broker, at paths and at abstract names, by real programs and with real data.</summary>
public sealed partial class SocketKindTests : IAsyncLifetime
{
    private readonly string _name = $"udsb-e2e-{Guid.CreateVersion7()}";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("udsb-kinds-");
    private BrokerFixture _fixture = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string[] Arguments =>
    [
        .. Listener("packets", $"{_folder.FullName}/p.sock", "seqpacket"),
        .. Listener("log", $"{_folder.FullName}/d.sock", "dgram"),
        .. Listener("abstract-stream", $"@{_name}-s", "stream"),
        .. Listener("abstract-packets", $"@{_name}-p", "seqpacket"),
        .. Listener("abstract-log", $"@{_name}-d", "dgram"),
        .. Listener("echo", $"{_folder.FullName}/echo.sock", "seqpacket", "echo"),
        .. Listener("answer", $"{_folder.FullName}/answer.sock", "dgram", "echo"),
        "--set=udsbroker.subscriptions.stall-timeout=30m", // a subscriber without a processor is not one that stands still
    ];

    public async ValueTask InitializeAsync() => _fixture = await BrokerFixture.StartAsync(Arguments);

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("unix-seqpacket:{dir}/p.sock", "unix:{main}")]
    [InlineData("unix:{main}", "unix-seqpacket:{dir}/p.sock")]
    [InlineData("unix-seqpacket:{dir}/p.sock", "unix-seqpacket:@{name}-p")]
    [InlineData("@{name}-s", "unix-seqpacket:@{name}-p")]
    public async Task A_real_file_goes_from_one_kind_of_socket_to_another_byte_for_byte(string from, string to)
    {
        var file = await RealData.CreateAsync(_folder.FullName, 20L << 20);
        var lines = (await RealData.CountLinesAsync(file)).ToString(CultureInfo.InvariantCulture);
        var subscriber = Udsb(to, out var output, "sub", "--verbose", "file.lines", "--lines", "--count", lines);
        await subscriber.WaitForErrorLineAsync("subscribed to");

        var publisher = Udsb(from, out _, "pub", "file.lines", "--file", file, "--lines", "--receipt");

        Assert.Equal(0, await publisher.WaitForExitAsync());
        Assert.Equal($"published {lines}, matched {lines}, dropped 0", publisher.Errors);
        Assert.Equal(0, await subscriber.WaitForExitAsync());
        Assert.Equal(await RealData.Sha256Async(file), await RealData.Sha256Async(output));
    }

    [Fact]
    public async Task A_message_larger_than_a_packet_is_refused_by_the_publisher_and_missed_by_the_subscriber_on_packets()
    {
        var large = Path.Combine(_folder.FullName, "large");
        await File.WriteAllBytesAsync(large, new byte[500_000], Token);
        var subscriber = Udsb("unix-seqpacket:{dir}/p.sock", out var output, "sub", "--verbose", "big", "--count", "2");
        await subscriber.WaitForErrorLineAsync("subscribed to");

        var byPacket = Udsb("unix-seqpacket:{dir}/p.sock", out _, "pub", "big", "--file", large);
        Assert.Equal(1, await byPacket.WaitForExitAsync());
        Assert.Contains("does not fit a packet", byPacket.Errors, StringComparison.Ordinal);
        var byStream = Udsb("unix:{main}", out _, "pub", "big", "--file", large, "--receipt");
        Assert.Equal(3, await byStream.WaitForExitAsync());
        Assert.Equal("published 1, matched 1, dropped 1", byStream.Errors);
        Assert.Equal(0, await Udsb("unix:{main}", out _, "pub", "big", "small").WaitForExitAsync());

        await subscriber.WaitForExitAsync();
        Assert.Equal("small", (await File.ReadAllTextAsync(output, Token)).Trim());
        Assert.Contains("missed", subscriber.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("unix-dgram:{dir}/d.sock")]
    [InlineData("unix-dgram:@{name}-d", "--unverified")]
    public async Task Udsb_publishes_by_datagram(string address, params string[] more)
    {
        var subscriber = await _fixture.SubscriberAsync("log.>", "--count", "2", "--lines");

        Assert.Equal(0, await Udsb(address, out _, ["pub", "log.app", "one", .. more]).WaitForExitAsync());
        Assert.Equal(0, await Udsb(address, out _, ["pub", "log.app", "two", "--receipt", .. more]).WaitForExitAsync());

        Assert.Equal(0, await subscriber.Process.WaitForExitAsync());
        Assert.Equal(["one", "two"], await File.ReadAllLinesAsync(subscriber.OutputFile, Token));
    }

    [Fact]
    public async Task Udsb_says_what_cannot_be_done_by_datagram_or_is_not_trusted()
    {
        var subscriber = Udsb("unix-dgram:{dir}/d.sock", out _, "sub", "a");
        Assert.Equal(1, await subscriber.WaitForExitAsync());
        Assert.Contains("only publishes", subscriber.Errors, StringComparison.Ordinal);

        var untrusted = Udsb("unix-dgram:@{name}-d", out _, "pub", "a", "b");
        Assert.Equal(1, await untrusted.WaitForExitAsync());
        Assert.Contains("abstract address", untrusted.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_logger_of_the_documentation_works_as_it_stands()
    {
        var program = PythonProgram().Match(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Specification", "sockets.md"), Token)).Groups[1].Value;
        var subscriber = await _fixture.SubscriberAsync("log.python", "--count", "1", "--json");

        Assert.Equal("", await PythonAsync(program, $"{_folder.FullName}/d.sock"));

        Assert.Equal(0, await subscriber.Process.WaitForExitAsync());
        var json = await File.ReadAllTextAsync(subscriber.OutputFile, Token);
        Assert.Contains("hello from a logger", json, StringComparison.Ordinal);
        Assert.Contains(Guid.Empty.ToString(), json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packets_by_another_language_are_answered_by_packets_and_nonsense_ends_only_its_own_connection()
    {
        const string Program = """
            import socket, sys
            folder = sys.argv[1]
            def connect(name, kind=socket.SOCK_SEQPACKET):
                s = socket.socket(socket.AF_UNIX, kind)
                s.settimeout(60)
                s.connect(folder + "/" + name)
                return s
            hello, ping = bytes.fromhex("93010180"), bytes.fromhex("920601")
            publish = b"\x95\x05\xa1a\xc0\xc0\xc4\x01x"

            good = connect("p.sock")
            good.send(hello + ping)
            first = good.recv(1 << 20)
            while not first.endswith(bytes.fromhex("930701")+first[-4:]): first += good.recv(1 << 20)
            assert first.startswith(b"\x94\x02\x01\xc4\x10"), first.hex()

            huge = b"\x95\x05\xa1a\xc0\xc0\xc6\xff\xff\xff\xff"
            for bad in [hello[:2], hello + publish + publish + publish[:4], hello + b"\xc1", publish, b"x" * 400_000, hello + huge]:
                s = connect("p.sock")
                s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
                s.send(bad)
                last = b""
                while True:
                    packet = s.recv(1 << 20)
                    if not packet: break
                    last = packet
                assert b"\x93\x0a" in last, (bad[:20], last.hex())

            for i in range(50): good.send(b"")
            good.send(ping)
            assert good.recv(1 << 20).startswith(bytes.fromhex("930701"))

            echo = connect("echo.sock")
            for size in [1, 2, 70_000, 300_000, 5]:
                echo.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
                echo.send(b"e" * size)
                assert len(echo.recv(1 << 20)) == size
            echo.send(b"")
            echo.send(b"after nothing")
            assert echo.recv(100) == b"after nothing"

            answer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            answer.settimeout(60)
            answer.bind("")
            for text in [b"one", b"", b"t" * 100_000]:
                answer.sendto(text, folder + "/answer.sock")
                assert answer.recv(1 << 20) == text
            print("done")
            """;

        Assert.Equal("done\n", await PythonAsync(Program, _folder.FullName));
        Assert.Equal(0, await _fixture.Udsb("ping").WaitForExitAsync());
    }

    [Fact]
    public async Task Socat_gets_its_packet_and_its_datagram_back_from_echo()
    {
        Socat.Need();
        var folder = _folder.FullName;
        Assert.Equal("a packet", await Socat.AskAsync(_fixture, $"UNIX-CONNECT:{folder}/echo.sock,type=5", "a packet", answerLength: 8));
        Assert.Equal("a datagram", await Socat.AskAsync(_fixture, $"UNIX-CONNECT:{folder}/answer.sock,type=2,bind={folder}/socat.sock", "a datagram", answerLength: 10));
    }

    [Fact]
    public async Task A_logger_goes_on_through_the_death_of_its_broker_and_knows_what_it_lost()
    {
        await using var client = new UdsBrokerClient(
            new UdsBrokerOptions { Path = $"unix-dgram:{_folder.FullName}/d.sock", Reconnect = new ReconnectOptions { MinDelay = TimeSpan.Zero } });
        await client.PublishAsync("log", new byte[] { 1 }, cancellationToken: Token);
        Assert.Equal(0, client.DroppedPublishes);

        _fixture.Broker.Signal("KILL");
        await _fixture.Broker.WaitForExitAsync();
        for (var i = 0; i < 100; i++) await client.PublishAsync("log", new byte[] { 2 }, cancellationToken: Token);
        Assert.Equal(100, client.DroppedPublishes);

        await _fixture.StartBrokerAsync(Arguments);
        var subscriber = await _fixture.SubscriberAsync("log", "--count", "1");
        await client.PublishAsync("log", "back"u8.ToArray(), cancellationToken: Token);

        Assert.Equal(0, await subscriber.Process.WaitForExitAsync());
        Assert.Equal("back", await File.ReadAllTextAsync(subscriber.OutputFile, Token));
        Assert.Equal(100, client.DroppedPublishes);
    }

    [Fact]
    public async Task The_broker_takes_all_its_sockets_away_when_it_ends()
    {
        _fixture.Broker.Signal("TERM");

        Assert.Equal(0, await _fixture.Broker.WaitForExitAsync());
        Assert.Empty(_folder.EnumerateFiles("*.sock"));
        Assert.Matches("^udsbroker .* listening on", _fixture.Broker.Errors);
    }

    private static string[] Listener(string name, string path, string type, string protocol = "udsb") =>
    [
        "--set", $"udsbroker.listeners.{name}.path={path}", "--set", $"udsbroker.listeners.{name}.type={type}",
        "--set", $"udsbroker.listeners.{name}.protocol={protocol}",
    ];

    private ChildProcess Udsb(string address, out string outputFile, params string[] arguments)
    {
        var socket = address.Replace("{dir}", _folder.FullName, StringComparison.Ordinal)
            .Replace("{name}", _name, StringComparison.Ordinal)
            .Replace("{main}", _fixture.Socket, StringComparison.Ordinal);
        return _fixture.Start("udsb", [.. arguments, "--socket", socket], out outputFile);
    }

    // What the program prints; it has to end without a complaint.
    private async Task<string> PythonAsync(string program, string argument)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed");
        var python = _fixture.Start(Python, ["-c", program, argument], out var output);
        Assert.Equal((0, ""), (await python.WaitForExitAsync(), python.Errors));
        return await File.ReadAllTextAsync(output, Token);
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex PythonProgram();
}
