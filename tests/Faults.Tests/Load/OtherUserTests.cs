using UdsBroker.EndToEnd.Tests;

namespace UdsBroker.Faults.Tests;

/// <summary>L5, P17: a user who floods at its limits beside another who exchanges messages one by one. Needs root, setpriv(1) and python3.</summary>
public sealed class OtherUserTests
{
    private const string Flood = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        s.connect(sys.argv[1])
        s.sendall(bytes.fromhex("93010180"))
        frame = b"\x95\x05\xa7flood.x\xc0\xc0\xc4\x80" + b"x" * 128
        data = frame * 400
        s.sendall(data)
        print("flooding", file=sys.stderr, flush=True)
        while True: s.sendall(data)
        """;

    [Theory]
    [InlineData("20 MB")]
    [InlineData("0 B")]
    public async Task A_user_that_floods_at_its_rate_or_without_one_does_not_take_the_broker_from_another(string rate)
    {
        var campaign = Campaign.Begin("flood of another user, seconds", inCi: 4, whenLong: 30);
        Program.NeedRoot();
        await using var fixture = await StartAsync(rate);
        using var pair = await HonestPair.ConnectAsync(fixture.Socket);
        var quiet = await pair.ExchangeAsync(TimeSpan.FromSeconds(2));
        var elsewhere = Campaign.IsLong ? await BesideAnotherBrokerAsync(pair, rate) : TimeSpan.Zero;

        await using var flooder = await FloodAsync(fixture);
        var before = Proc.Cpu(fixture.Broker.Id);
        var flooded = await pair.ExchangeAsync(TimeSpan.FromSeconds(campaign.Rounds));
        var cpu = Proc.Cpu(fixture.Broker.Id) - before;

        Assert.Equal("flooding", flooder.Errors); // it still does
        campaign.Say(
            $"uid 4711 floods, {(rate == "0 B" ? "as fast as it can" : $"at its rate of {rate}/s")}: p99 of root's pair {quiet.TotalMicroseconds:f0} us alone, "
            + (Campaign.IsLong ? $"{elsewhere.TotalMicroseconds:f0} us while another broker was flooded, " : "")
            + $"{flooded.TotalMicroseconds:f0} us meanwhile; {cpu.TotalSeconds:f1} s of processor in {campaign.Rounds} s");
        if (Campaign.IsLong && rate != "0 B") Assert.True(flooded < 3 * quiet, $"{flooded} is more than 3 x {quiet}");
    }

    // What a flood costs any other process on the machine.
    private static async Task<TimeSpan> BesideAnotherBrokerAsync(HonestPair pair, string rate)
    {
        await using var other = await StartAsync(rate);
        await using var flooder = await FloodAsync(other);
        return await pair.ExchangeAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task<BrokerFixture> StartAsync(string rate)
    {
        var fixture = await BrokerFixture.StartAsync(
            "--set", "udsbroker.listener.mode=0666", "--set", "udsbroker.access.default=allow", "--set", $"udsbroker.users.receive-rate={rate}");
        File.SetUnixFileMode(fixture.Folder, (UnixFileMode)0x1ED); // others may pass
        return fixture;
    }

    private static async Task<ChildProcess> FloodAsync(BrokerFixture fixture)
    {
        var (setpriv, python) = (Program.Need("setpriv"), File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : Program.Need("python3"));
        var flooder = ChildProcess.Start(
            setpriv, ["--reuid=4711", "--regid=4711", "--clear-groups", python, "-c", Flood, fixture.Socket], fixture.NextOutput());
        await Wait.Until(() => flooder.Errors.Length > 0, "the flood has begun, or cannot");
        Assert.SkipUnless(flooder.Errors == "flooding", $"another user cannot run {python} here: {flooder.Errors}");
        return flooder;
    }
}
