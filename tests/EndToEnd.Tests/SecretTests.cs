using System.Net.Sockets;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>
/// The content of messages never reaches the log: at level debug, whatever goes wrong, no payload and no header is in it.
/// </summary>
public sealed class SecretTests
{
    private const string Secret = "hunter2-swordfish";

    [Fact]
    public async Task No_payload_and_no_header_is_ever_logged()
    {
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.log.level=debug");
        await RunAsync(0, "pub", "a.b", Secret, "--header", $"password={Secret}", "--retain");
        await RunAsync(0, "pub", "a.b", Secret, "--delay", "1h");
        await RunAsync(1, "pub", "$SYS.a", Secret); // refused
        await RunAsync(1, "request", "a.nobody", Secret);
        await RunAsync(1, "send", Guid.NewGuid().ToString(), Secret);

        // A whole message followed by garbage, as frames and as an invalid frame: the connection is closed for it, with a text.
        byte[] secret = System.Text.Encoding.ASCII.GetBytes(Secret);
        byte[] hello = [0x93, 1, 1, 0x80];
        byte[] publish = [0x95, 5, 0xA1, (byte)'a', 0xC0, 0xC0, 0xC4, (byte)secret.Length, .. secret];
        byte[][] broken =
        [
            [.. hello, .. publish, 0xC1], [.. hello, 0x95, 5, 0xC4, (byte)secret.Length, .. secret],
            [.. hello, 0x91, (byte)(0xA0 + secret.Length), .. secret], secret,
        ];
        foreach (var bytes in broken)
        {
            using var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await peer.ConnectAsync(new UnixDomainSocketEndPoint(fixture.Socket), Token);
            await peer.SendAsync(bytes, Token);
            var buffer = new byte[4096];
            while (await peer.ReceiveAsync(buffer, Token) > 0)
            {
            }
        }

        fixture.Broker.Signal("TERM");
        Assert.Equal(0, await fixture.Broker.WaitForExitAsync());
        Assert.Equal(broken.Length, fixture.Broker.Errors.Split('\n').Count(line => line.Contains(" closed: Violation, ", StringComparison.Ordinal)));
        Assert.Contains("debug 100 connection", fixture.Broker.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fixture.Broker.Errors, StringComparison.Ordinal);

        async Task RunAsync(int code, params string[] arguments) => Assert.Equal(code, await fixture.Udsb(arguments).WaitForExitAsync());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
