using System.Globalization;
using UdsBroker.Client;
using UdsBroker.EndToEnd.Tests;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// I10: peers that attach descriptors to what they send, SCM_RIGHTS of unix(7). The broker has no room for them when it receives, so the kernel drops
/// them, on every kind of socket; the messages that they came with are routed as any other.
/// </summary>
public sealed class AttachedDescriptorTests
{
    private const string Python = "/usr/bin/python3";
    private const int MostOfAMessage = 253; // SCM_MAX_FD

    // Each message carries so many copies of the writing end of a pipe, whose reading end sees the end when the last copy is gone.
    private const string Attacker = """
        import array, errno, os, socket, sys, time
        kind, path, messages, attached = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        peer = socket.socket(socket.AF_UNIX, {"stream": socket.SOCK_STREAM, "seqpacket": socket.SOCK_SEQPACKET, "dgram": socket.SOCK_DGRAM}[kind])
        peer.settimeout(60)
        peer.connect(path)
        if kind != "dgram":
            peer.send(bytes.fromhex("93010180"))
            peer.recv(1 << 16)
        reading, writing = os.pipe()
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [writing] * attached))]
        subject = ("attached." + kind).encode()
        frame = b"\x95\x05" + bytes([0xA0 | len(subject)]) + subject + b"\xc0\xc0\xc4\x01x"
        for message in range(messages):
            while True:
                try:
                    peer.sendmsg([frame], rights)
                    break
                except OSError as e:
                    if e.errno != errno.ETOOMANYREFS: raise
                    time.sleep(0.001)
        if kind != "dgram":
            peer.send(bytes.fromhex("920601"))
            peer.recv(1 << 16)
        os.close(writing)
        print(len(os.read(reading, 1)))
        """;

    [Theory]
    [InlineData("stream")]
    [InlineData("seqpacket")]
    [InlineData("dgram")]
    public async Task Descriptors_that_come_with_frames_are_dropped_and_the_frames_are_routed(string kind)
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed");
        var campaign = Campaign.Begin($"attached descriptors, {kind}", inCi: 100_000, whenLong: 1_000_000);
        var messages = (int)(campaign.Rounds / MostOfAMessage) + 1;
        using var folder = new TestFolder();
        var (path, script) = (folder[kind], folder["attacker.py"]);
        await File.WriteAllTextAsync(script, Attacker, Campaign.Cancelled);
        await using var fixture = await BrokerFixture.StartAsync("--set", $"udsbroker.listeners.open.path={path}", "--set", $"udsbroker.listeners.open.type={kind}");
        await using var client = new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket });
        await using var subscription = await client.SubscribeAsync("attached.*", cancellationToken: Campaign.Cancelled);
        var before = Proc.Descriptors(fixture.Broker.Id);

        var attack = Program.RunAsync(Python, script, kind, path, messages.ToString(CultureInfo.InvariantCulture), $"{MostOfAMessage}");
        var most = 0;
        for (var received = 0; received < messages; received++)
        {
            var message = await subscription.ReadAsync(Campaign.Cancelled).AsTask().WaitAsync(Wait.Patience, Campaign.Cancelled);
            Assert.Equal("x"u8.ToArray(), message!.Payload.ToArray());
            most = Math.Max(most, Proc.Descriptors(fixture.Broker.Id));
        }

        // The end of the pipe: no copy is left anywhere, neither in the broker nor on its way to it.
        Assert.Equal((0, "0\n"), await attack);
        Assert.InRange(most, 0, before + 8);
        await Wait.Until(() => Proc.Descriptors(fixture.Broker.Id) <= before + 2, () => $"{Proc.Descriptors(fixture.Broker.Id)} descriptors are {before} again");
        campaign.Say($"{(long)messages * MostOfAMessage} descriptors with {messages} frames: all frames routed, {before} descriptors before, {most} at most");
    }
}
