using System.Net.Sockets;
using System.Runtime.InteropServices;
using UdsBroker.Broker.Hosting;
using UdsBroker.Broker.Tests.Transport;

namespace UdsBroker.Broker.Tests.Hosting;

/// <summary>A real process from its start line to its exit code: signals, a second broker, a dead one's socket, a socket taken away.</summary>
public sealed class BrokerProcessTests : IDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly TestDirectory _directory = new();

    private string SocketName => _directory["broker.sock"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task One_line_then_silence_then_a_clean_end(PosixSignal signal)
    {
        using var broker = BrokerProcess.Start("--socket", SocketName);
        Assert.Equal(
            $"udsbroker {ProductVersions.Broker} listening on {SocketName} ({ProductVersions.ActorRuntime}, {ProductVersions.Framework}, pid {broker.Pid})",
            await broker.FirstLineAsync());
        using (var client = await ConnectAsync(SocketName))
        {
        }

        broker.Signal(signal);

        Assert.Equal(ExitCode.Clean, await broker.ExitAsync());
        Assert.False(File.Exists(SocketName));
        Assert.Equal(await broker.FirstLineAsync(), broker.Error.Trim());
    }

    [Fact]
    public async Task A_second_broker_on_the_same_path_ends_with_one_line_and_the_first_lives_on()
    {
        using var first = BrokerProcess.Start("--socket", SocketName);
        await first.FirstLineAsync();

        using var second = BrokerProcess.Start("--socket", SocketName);

        Assert.Equal(ExitCode.CannotStart, await second.ExitAsync());
        Assert.Equal(
            $"udsbroker: another broker (pid {first.Pid}) is already listening on {SocketName}; stop it or choose another path", second.Error.Trim());
        using var client = await ConnectAsync(SocketName);
    }

    [Fact]
    public async Task Of_brokers_started_at_once_one_serves_and_the_others_say_why_not()
    {
        var brokers = Enumerable.Range(0, 4).Select(_ => BrokerProcess.Start("--socket", SocketName)).ToList();
        try
        {
            var lines = await Task.WhenAll(brokers.Select(broker => broker.FirstLineAsync()));

            Assert.Single(lines, line => line.Contains("listening on", StringComparison.Ordinal) && line.Contains("Akka.NET", StringComparison.Ordinal));
            Assert.Equal(3, lines.Count(line => line.Contains("is already listening on", StringComparison.Ordinal)));
            using var client = await ConnectAsync(SocketName);
        }
        finally
        {
            brokers.ForEach(broker => broker.Dispose());
        }
    }

    [Fact]
    public async Task The_socket_of_a_killed_broker_is_taken_over()
    {
        using (var dead = BrokerProcess.Start("--socket", SocketName))
        {
            await dead.FirstLineAsync();
            dead.KillNow();
        }

        Assert.True(File.Exists(SocketName));
        using var next = BrokerProcess.Start("--socket", SocketName);

        Assert.Contains(SocketName, await next.FirstLineAsync(), StringComparison.Ordinal);
        using var client = await ConnectAsync(SocketName);
    }

    [Fact]
    public async Task A_hang_up_signal_reloads_the_access_rules_and_the_broker_goes_on()
    {
        var file = _directory["broker.conf"];
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        using var broker = BrokerProcess.Start("--socket", SocketName, "--config", file, "--set", "udsbroker.log.level=information");
        await broker.FirstLineAsync();

        await File.WriteAllTextAsync(file, "udsbroker.access.rules = [{ allow = connect, uid = 4242 }]", TestContext.Current.CancellationToken);
        broker.Signal(PosixSignal.SIGHUP);
        await broker.WaitForAsync("information 191 access rules reloaded: 1 of them, default owner");
        await File.WriteAllTextAsync(file, "udsbroker.access.rules = [{ allow = connect, user = nobody-of-this-name }]", TestContext.Current.CancellationToken);
        broker.Signal(PosixSignal.SIGHUP);
        await broker.WaitForAsync(
            "error 192 SIGHUP: nothing was changed, because the settings are wrong: "
            + "udsbroker.access.rules[0].user = nobody-of-this-name: expected a user of this machine");
        await File.WriteAllTextAsync(file, "udsbroker.access.rules = null", TestContext.Current.CancellationToken);
        broker.Signal(PosixSignal.SIGHUP);
        await broker.WaitForAsync("because the settings are wrong: udsbroker.access.rules = null: expected a value");

        broker.Signal(PosixSignal.SIGTERM);
        Assert.Equal(ExitCode.Clean, await broker.ExitAsync());
    }

    [Fact]
    public async Task A_socket_taken_away_ends_the_broker_as_a_fault()
    {
        using var broker = BrokerProcess.Start("--socket", SocketName, "--set", "udsbroker.listener.check-interval=100ms");
        await broker.FirstLineAsync();

        File.Delete(SocketName);

        Assert.Equal(ExitCode.Fault, await broker.ExitAsync());
        Assert.Contains($"error 112 listener main: {SocketName} is no longer the socket of this broker", broker.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_listeners_are_in_the_start_line_and_echo_answers()
    {
        var echo = _directory["echo.sock"];
        using var broker = BrokerProcess.Start(
            "--socket", SocketName, "--set", $"udsbroker.listeners.echo.path={echo}", "--set", "udsbroker.listeners.echo.protocol=echo");
        var line = await broker.FirstLineAsync();

        Assert.Contains(SocketName, line, StringComparison.Ordinal);
        Assert.Contains(echo, line, StringComparison.Ordinal);
        using var client = await ConnectAsync(echo);
        await client.SendAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
        var answer = new byte[16];
        var received = await client.ReceiveAsync(answer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Hang, TestContext.Current.CancellationToken);
        Assert.Equal("hello"u8.ToArray(), answer[..received]);
    }

    [Theory]
    [InlineData("udsbroker.log.level=loud", "udsbroker: udsbroker.log.level = loud: expected one of debug, information, warning, error, none")]
    [InlineData("udsbroker.log.level=null", "udsbroker: udsbroker.log.level = null: expected a value; null is none, and a key that is left out has its default")]
    public async Task A_wrong_setting_ends_with_its_line_before_anything_is_touched(string assignment, string line)
    {
        using var broker = BrokerProcess.Start("--socket", SocketName, "--set", assignment);

        Assert.Equal(ExitCode.WrongSettings, await broker.ExitAsync());
        Assert.Equal(line, broker.Error.Trim());
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public async Task A_wrong_setting_of_the_actor_runtime_is_a_failed_start()
    {
        using var broker = BrokerProcess.Start("--socket", SocketName, "--set", "akka.actor.guardian-supervisor-strategy=Nowhere.ToBeFound");

        Assert.Equal(ExitCode.CannotStart, await broker.ExitAsync());
        Assert.Contains("udsbroker: cannot start the actor runtime: ", broker.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(SocketName));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_used_is_a_failed_start()
    {
        using var broker = BrokerProcess.Start("--socket", _directory["no/broker.sock"]);

        Assert.Equal(ExitCode.CannotStart, await broker.ExitAsync());
        Assert.Equal($"udsbroker: the directory {_directory["no"]} does not exist; create it or choose another path", broker.Error.Trim());
    }

    [Fact]
    public async Task Of_listeners_that_cannot_be_bound_only_the_first_is_reported()
    {
        string[] names = ["a", "b", "c", "d"];
        using var broker = BrokerProcess.Start([.. names.SelectMany(name => new[] { "--set", $"udsbroker.listeners.{name}.path={_directory[$"no-{name}/broker.sock"]}" })]);

        Assert.Equal(ExitCode.CannotStart, await broker.ExitAsync());
        Assert.Contains(
            broker.Error.Trim(), names.Select(name => $"udsbroker: the directory {_directory[$"no-{name}"]} does not exist; create it or choose another path"));
    }

    [Fact]
    public async Task Too_few_descriptors_are_a_failed_start()
    {
        using var broker = BrokerProcess.StartWithDescriptors(200, "--socket", SocketName);

        Assert.Equal(ExitCode.CannotStart, await broker.ExitAsync());
        Assert.StartsWith("udsbroker: this process may open 200 descriptors and the broker needs at least 256;", broker.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_beyond_the_descriptors_is_turned_away_and_the_rest_is_served()
    {
        using var broker = BrokerProcess.StartWithDescriptors(
            256, "--socket", SocketName, "--set", "udsbroker.listeners.main.protocol=identity");
        await broker.FirstLineAsync();
        var flood = new List<Socket>();
        var served = 0;
        for (var i = 0; i < 500; i++)
        {
            flood.Add(await ConnectAsync(SocketName));
            served += await ReceiveIdentityAsync(flood[^1]) ? 1 : 0;
        }

        Assert.InRange(served, 1, 192); // how many depends on how many assemblies the actor runtime loads
        Assert.InRange(Directory.GetFileSystemEntries($"/proc/{broker.Pid}/fd").Length, 0, 256 - 32);
        flood.ForEach(socket => socket.Dispose());

        var returned = false; // slots come back one by one, as the broker notices
        while (!returned)
        {
            using var late = await ConnectAsync(SocketName);
            returned = await ReceiveIdentityAsync(late);
        }

        broker.Signal(PosixSignal.SIGTERM);
        Assert.Equal(ExitCode.Clean, await broker.ExitAsync());
        Assert.Contains($"warning 103 listener main is full with {served} connections; refused: 1, first pid {Environment.ProcessId}", broker.Error, StringComparison.Ordinal);
    }

    private static async Task<bool> ReceiveIdentityAsync(Socket client)
    {
        var text = new byte[64];
        var received = await client.ReceiveAsync(text, TestContext.Current.CancellationToken).AsTask().WaitAsync(Hang, TestContext.Current.CancellationToken);
        return received == 36 && Guid.TryParse(System.Text.Encoding.ASCII.GetString(text, 0, received), out _);
    }

    private static async Task<Socket> ConnectAsync(string path)
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
        return client;
    }
}
