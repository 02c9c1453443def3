using UdsBroker.Broker.Hosting;
using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Tests.Hosting;

/// <summary>Arguments: what reaches the broker, what is refused and how.</summary>
public sealed class BrokerCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private BrokerSettings? _served;

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Arguments_become_settings_and_the_brokers_exit_code_is_ours()
    {
        Assert.Equal(42, await RunAsync("--socket", "/x/y.sock", "--set", "udsbroker.keep-alive.stale-after=9", "--set", "udsbroker.log.level=debug"));

        Assert.Equal("/x/y.sock", Assert.Single(_served!.Listeners).Path);
        Assert.Equal(9, _served.KeepAlive.StaleAfter);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task A_socket_may_have_an_abstract_name()
    {
        Assert.Equal(42, await RunAsync("--socket", "@some-name"));

        Assert.Equal("@some-name", Assert.Single(_served!.Listeners).Path);
    }

    [Fact]
    public async Task The_version_names_the_actor_runtime()
    {
        Assert.Equal(ExitCode.Clean, await RunAsync("--version"));

        Assert.Matches(@"^udsbroker \d+\.\d+\.\d+ \(Akka\.NET \d\S*, \.NET \d+\.\S+\)\n$", _output.ToString());
        Assert.Null(_served);
    }

    [Fact]
    public async Task Help_names_every_option_and_exit_code()
    {
        Assert.Equal(ExitCode.Clean, await RunAsync("--help"));

        Assert.All(["--socket <PATH>", "--config <FILE>", "--set <key=value>", "--version"], option =>
            Assert.Contains(option, _output.ToString(), StringComparison.Ordinal));
        Assert.Contains("Exit codes: 0 ended in order; 1 it cannot start; 2 a setting or an argument is wrong; 3 a fault ended it.", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sockt", "/x")]
    [InlineData("--socket")]
    [InlineData("--socket", "")]
    [InlineData("--config", "")]
    [InlineData("--socket", "/x", "--socket", "/y")]
    [InlineData("extra")]
    public async Task A_wrong_argument_is_one_line_that_leads_to_help(params string[] arguments)
    {
        Assert.Equal(ExitCode.WrongSettings, await RunAsync(arguments));

        Assert.Matches(@"^udsbroker: [^\n]+; see udsbroker --help\n$", _error.ToString());
        Assert.Null(_served);
    }

    [Fact]
    public async Task A_wrong_setting_is_one_line()
    {
        Assert.Equal(ExitCode.WrongSettings, await RunAsync("--config", "/nowhere.conf"));

        Assert.Matches(@"^udsbroker: --config /nowhere.conf: [^\n]+\n$", _error.ToString());
    }

    [Fact]
    public async Task Settings_can_be_checked_without_a_start()
    {
        Assert.Equal(ExitCode.Clean, await RunAsync("--check-config", "--set", "udsbroker.log.level=debug"));
        Assert.Equal(("ok\n", ""), (_output.ToString(), _error.ToString()));

        Assert.Equal(ExitCode.WrongSettings, await RunAsync("--check-config", "--set", "udsbroker.keep-alive.ping-interval=soon"));
        Assert.Contains("udsbroker.keep-alive.ping-interval", _error.ToString(), StringComparison.Ordinal);
        Assert.Null(_served);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("--check-config")]
    public async Task An_answer_that_cannot_be_written_is_a_failure_of_one_line(string argument)
    {
        using var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };

        Assert.Equal(ExitCode.CannotStart, await new BrokerCommand(full, _error, (_, _, _) => Task.FromResult(42)).RunAsync([argument]));

        Assert.Matches("^udsbroker: standard output cannot be written: No space left on device[^\n]*\n$", _error.ToString());
    }

    private Task<int> RunAsync(params string[] arguments) => new BrokerCommand(_output, _error, (_, settings, _) =>
    {
        _served = settings;
        return Task.FromResult(42);
    }).RunAsync(arguments);
}
