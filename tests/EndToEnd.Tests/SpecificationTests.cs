using System.Buffers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using UdsBroker.Protocol;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>What PROTOCOL.md promises to those who write their own client, against the real broker and without our client library.</summary>
public sealed class SpecificationTests
{
    private const string Python = "/usr/bin/python3";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Specification");

    [Fact]
    public async Task The_client_in_a_page_of_python_subscribes_publishes_and_gets_its_receipt()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        if (!File.Exists(Python) || await RunPythonAsync(fixture, "import msgpack", "probe") is (not 0, _))
            Assert.Skip("python3-msgpack is not installed");

        var text = await File.ReadAllTextAsync(Path.Combine(Folder, "PROTOCOL.md"), TestContext.Current.CancellationToken);
        var page = text.Split("```python\n")[1].Split("```")[0];
        var (exitCode, output) = await RunPythonAsync(fixture, page, "page");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"\A\[1\] [0-9a-f]{32} greet\.joe b'hello'\npublished, matched, dropped: \[1, 1, 0\]\n\z", output);
    }

    [Fact]
    public async Task Published_bytes_are_delivered_bytes_in_every_encoding()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var published = Vectors().Where(frame => KindOf(frame) == FrameKind.Publish).ToArray();
        Assert.True(published.Length > 20);

        var output = new ArrayBufferWriter<byte>();
        FrameWriter.Write(output, new HelloCommand(WireVersion.Current, new HelloOptions()));
        FrameWriter.Write(output, new SubscribeCommand(1, ">"u8.ToArray(), SubscribeOptions.None));
        foreach (var frame in published) output.Write(frame);
        FrameWriter.Write(output, new PingCommand(7));

        var delivered = await ExchangeAsync(fixture.Socket, output.WrittenMemory);
        Assert.Equal(published.Select(Convert.ToHexString), delivered.Select(Convert.ToHexString));
    }

    /// <summary>Sends all bytes and returns the PUBLISH frames that come before the first PONG.</summary>
    private static async Task<List<byte[]>> ExchangeAsync(string path, ReadOnlyMemory<byte> bytes)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(ChildProcess.Patience);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), patience.Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(bytes, patience.Token);

        List<byte[]> delivered = [];
        var buffer = new byte[1 << 20];
        var (read, at) = (0, 0);
        while (true)
        {
            var result = FrameScanner.Scan(buffer.AsSpan(at, read - at), Limits.Default, out var head);
            if (result == ScanResult.NeedMore)
            {
                var received = await stream.ReadAsync(buffer.AsMemory(read), patience.Token);
                Assert.NotEqual(0, received);
                read += received;
                continue;
            }

            Assert.Equal(ScanResult.Done, result);
            if (head.Kind == FrameKind.Pong) return delivered;
            if (head.Kind == FrameKind.Publish) delivered.Add(buffer[at..(at + head.Length)]);
            at += head.Length;
        }
    }

    private static IEnumerable<byte[]> Vectors() =>
        from file in Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal)
        from entry in JsonNode.Parse(File.ReadAllBytes(file))!.AsArray()
        select Convert.FromHexString(entry!["hex"]!.GetValue<string>().Replace(" ", "", StringComparison.Ordinal));

    private static FrameKind KindOf(byte[] frame) =>
        FrameScanner.Scan(frame, Limits.Default, out var head) == ScanResult.Done ? head.Kind : FrameKind.None;

    private static async Task<(int ExitCode, string Output)> RunPythonAsync(BrokerFixture fixture, string program, string name)
    {
        var script = Path.Combine(fixture.Folder, $"{name}.py");
        var outputFile = Path.Combine(fixture.Folder, $"{name}.out");
        await File.WriteAllTextAsync(script, program);
        var environment = new Dictionary<string, string?> { ["UDSBROKER_SOCKET"] = fixture.Socket };
        await using var python = ChildProcess.Start(Python, [script], outputFile, environment);
        var exitCode = await python.WaitForExitAsync();
        return (exitCode, await File.ReadAllTextAsync(outputFile));
    }
}
