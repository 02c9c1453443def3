using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Tests.Transport;

namespace UdsBroker.Broker.Tests.Settings;

/// <summary>What an operator writes, right and wrong: what comes of it and what the one line says.</summary>
public class SettingsTests
{
    [Theory]
    [InlineData("udsbroker.log.level=loud", "udsbroker.log.level = loud: expected one of debug, information, warning, error, none")]
    [InlineData("udsbroker.keep-alive.ping-interval=30", "udsbroker.keep-alive.ping-interval = 30: expected a duration from 100ms to 1h, such as 250ms or 2s")]
    [InlineData("udsbroker.keep-alive.ping-interval=2h", "udsbroker.keep-alive.ping-interval = 2h: expected a duration from 100ms to 1h, such as 250ms or 2s")]
    [InlineData("udsbroker.receive.spin-limit=2ms", "udsbroker.receive.spin-limit = 2ms: expected a duration from 0s to 1ms, such as 250ms or 2s")]
    [InlineData("udsbroker.keep-alive.stale-after=0", "udsbroker.keep-alive.stale-after = 0: expected a whole number from 1 to 100")]
    [InlineData("udsbroker.keep-alive.stale-after=-1", "udsbroker.keep-alive.stale-after = -1: expected a whole number from 1 to 100")]
    [InlineData("udsbroker.keep-alive.stale-after=99999999999", "udsbroker.keep-alive.stale-after = 99999999999: expected a whole number from 1 to 100")]
    [InlineData("udsbroker.limits.max-payload=2 GiB", "udsbroker.limits.max-payload = 2 GiB: expected a size from 1 B to 1 GiB, such as 64 KiB")]
    [InlineData("udsbroker.limits.max-payload=1 apple", "udsbroker.limits.max-payload = 1 apple: expected a size from 1 B to 1 GiB, such as 64 KiB")]
    [InlineData("udsbroker.limits.max-payload=", "udsbroker.limits.max-payload = \"\": expected a size from 1 B to 1 GiB, such as 64 KiB")]
    [InlineData("udsbroker.limits.max-payload=[1, 2]", "udsbroker.limits.max-payload = [1,2]: expected a single value")]
    [InlineData("udsbroker.listener.mode=0888", "udsbroker.listener.mode = 0888: expected permissions in octal from 0000 to 0777, such as 0600")]
    [InlineData("udsbroker.listener.mode=1777", "udsbroker.listener.mode = 1777: expected permissions in octal from 0000 to 0777, such as 0600")]
    [InlineData("udsbroker.listener.type=pipe", "udsbroker.listener.type = pipe: expected one of stream, seqpacket, dgram")]
    [InlineData("udsbroker.listeners.main.enabled=maybe", "udsbroker.listeners.main.enabled = maybe: expected one of on, off, true, false")]
    [InlineData("udsbroker.listeners.main.enabled=off", "udsbroker.listeners: no listener is enabled; a broker needs at least one")]
    [InlineData("udsbroker.listeners.echo.protocol=echo", "udsbroker.listeners.echo.path = \"\": expected a path; only main has a default one")]
    [InlineData("udsbroker.log.levl=debug", "udsbroker.log.levl: unknown setting; did you mean udsbroker.log.level?")]
    [InlineData("udsbroker.keepalive.stale-after=3", "udsbroker.keepalive: unknown setting; did you mean udsbroker.keep-alive?")]
    [InlineData("udsbroker.listeners.main.pth=/x", "udsbroker.listeners.main.pth: unknown setting; did you mean udsbroker.listeners.main.path?")]
    [InlineData("udsbroker.log.something-else=1", "udsbroker.log.something-else: unknown setting; allowed here: level")]
    [InlineData("udsbroker.log=debug", "udsbroker.log = debug: expected a block in braces")]
    [InlineData("udsbrokr.log.level=debug", "--set: udsbrokr: unknown setting; all settings are below udsbroker or akka")]
    [InlineData("log.level", "--set log.level: expected key=value, such as udsbroker.log.level=debug")]
    [InlineData("=x", "--set =x: expected key=value, such as udsbroker.log.level=debug")]
    [InlineData("a b=x", "--set a b: a key is made of letters, digits, '-', '_' and dots")]
    [InlineData(
        "udsbroker.outbound.low-watermark=2 MiB",
        "udsbroker.outbound.low-watermark = 2 MiB: expected less than udsbroker.outbound.high-watermark, which is 1 MiB")]
    public void A_wrong_setting_is_one_line_with_its_key_its_value_and_what_is_allowed(string assignment, string message) =>
        Assert.Equal(message, Assert.Throws<SettingsException>(() => Read(assignment)).Message);

    [Fact]
    public void A_control_frame_has_room_for_an_error_that_quotes_the_longest_subjects()
    {
        var failure = Assert.Throws<SettingsException>(() => Read("udsbroker.limits.max-subject=2 KiB", "udsbroker.limits.max-control-frame=4 KiB"));

        Assert.Equal(
            "udsbroker.limits.max-control-frame = 4 KiB: expected at least 7 KiB: three times udsbroker.limits.max-subject and 1 KiB", failure.Message);
        Assert.Equal(7 << 10, Read("udsbroker.limits.max-subject=2 KiB", "udsbroker.limits.max-control-frame=7 KiB").Limits.MaxControlFrameBytes);
    }

    [Fact]
    public void A_socket_path_that_is_too_long_names_its_bytes_and_the_limit()
    {
        var path = "/tmp/" + new string('x', 103);

        var failure = Assert.Throws<SettingsException>(() => BrokerSettingsReader.Read(SettingsLayers.Load(null, path, [])));

        Assert.StartsWith($"udsbroker.listeners.main.path = {path}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("has 108 bytes and the limit is 107", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_wins_over_the_file_and_the_file_over_the_defaults()
    {
        using var directory = new TestDirectory();
        File.WriteAllText(directory["a.conf"], """
            udsbroker.listeners.main.path = /from/file.sock
            udsbroker.log.level = error
            udsbroker {
              shutdown { grace-period = 1s }
              keep-alive.stale-after = 7
            }
            """);

        var settings = BrokerSettingsReader.Read(SettingsLayers.Load(
            directory["a.conf"], "/from/line.sock", ["udsbroker.keep-alive.stale-after=8", "udsbroker.keep-alive.stale-after=9"]));

        Assert.Equal("/from/line.sock", settings.Listeners[0].Path);
        Assert.Equal(TimeSpan.FromSeconds(1), settings.Shutdown.GracePeriod);
        Assert.Equal(9, settings.KeepAlive.StaleAfter);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.KeepAlive.PingInterval);
        Assert.False(settings.Listeners[0].CreateDirectory);
    }

    [Fact]
    public void A_listener_takes_what_it_does_not_say_from_the_defaults_of_all()
    {
        var settings = Read("udsbroker.listener.mode=0660", "udsbroker.listeners.b.path=/x/b.sock", "udsbroker.listeners.b.backlog=7", "udsbroker.listeners.main.path=@m");

        Assert.Equal(["b", "main"], settings.Listeners.Select(listener => listener.Name));
        Assert.Equal([7, 4096], settings.Listeners.Select(listener => listener.Backlog));
        Assert.All(settings.Listeners, listener => Assert.Equal(Convert.ToInt32("660", 8), (int)listener.Mode));
        Assert.Equal(["/x/b.sock", "@m"], settings.Listeners.Select(listener => listener.Path));
    }

    [Fact]
    public void Main_can_be_taken_away_when_there_is_another()
    {
        var settings = Read("udsbroker.listeners.main.enabled=off", "udsbroker.listeners.b.path=/x/b.sock");

        Assert.Equal("b", Assert.Single(settings.Listeners).Name);
    }

    [Fact]
    public void Two_listeners_cannot_share_a_path()
    {
        var failure = Assert.Throws<SettingsException>(() => Read("udsbroker.listeners.main.path=/x/b.sock", "udsbroker.listeners.n.path=/x/./b.sock"));

        Assert.Equal("udsbroker.listeners.n.path = /x/b.sock: expected another path than that of udsbroker.listeners.main", failure.Message);
    }

    [Theory]
    [InlineData("/tmp/with space.sock")]
    [InlineData("/tmp/with#hash$dollar{brace}.sock")]
    [InlineData("/tmp/with\"quote\\.sock")]
    public void Any_path_survives_the_command_line(string path)
    {
        Assert.Equal(path, BrokerSettingsReader.Read(SettingsLayers.Load(null, path, [])).Listeners[0].Path);
        Assert.Equal(path, Read($"udsbroker.listeners.main.path={path}").Listeners[0].Path);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        var failure = Assert.Throws<SettingsException>(() => SettingsLayers.Load("/nowhere/a.conf", null, []));

        Assert.StartsWith("--config /nowhere/a.conf: ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("udsbroker {\n log { level = debug }", "line 1: this { is never closed")]
    [InlineData("udsbroker {\n log { level = debug } ] }", "line 2: this ] closes nothing")]
    [InlineData("udsbroker.log.level = debug\n}", "line 2: this } closes nothing")]
    [InlineData("a = \"x\nb = 1", "line 1: this quote is never closed")]
    [InlineData("a = \"\"\"x\nb = 1", "line 1: this quote is never closed")]
    [InlineData("# one\nudsbroker { log { level = debug } keep-alive { stale-after = 3 ping-interval = 2s } }", "line 2: two settings on one line need a comma")]
    [InlineData("udsbroker { log = ${nothing} }", "not HOCON: ")]
    public void A_file_that_is_not_hocon_is_named_in_one_line(string text, string problem)
    {
        using var directory = new TestDirectory();
        File.WriteAllText(directory["a.conf"], text);

        var failure = Assert.Throws<SettingsException>(() => BrokerSettingsReader.Read(SettingsLayers.Load(directory["a.conf"], null, [])));

        Assert.DoesNotContain('\n', failure.Message);
        Assert.StartsWith($"--config {directory["a.conf"]}: {problem}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = 1, b = 2\nc { d = 3, e = [1, 2] } f = 4")]
    [InlineData("a = \"x = y { # // \\\" \" // b = c {\nb = 1 # }")]
    [InlineData("a = \"\"\"x = y\n{ \" = = \"\"\"\nb = ${?HOME} # =")]
    [InlineData("")]
    public void The_shape_of_good_hocon_has_no_problem(string text) => Assert.Null(HoconShape.FindProblem(text));

    [Fact]
    public void An_empty_file_changes_nothing()
    {
        using var directory = new TestDirectory();
        File.WriteAllText(directory["a.conf"], "# nothing yet\n");

        Assert.Equal(9, BrokerSettingsReader.Read(SettingsLayers.Load(directory["a.conf"], null, ["udsbroker.keep-alive.stale-after=9"])).KeepAlive.StaleAfter);
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("255", 255L)]
    [InlineData("255 B", 255L)]
    [InlineData("1.5 KiB", 1536L)]
    [InlineData("1kB", 1000L)]
    [InlineData("16 MiB", 16777216L)]
    [InlineData("2G", 2147483648L)]
    [InlineData("3 TiB", 3298534883328L)]
    [InlineData("1 PiB", 1125899906842624L)]
    [InlineData("2 TB", 2000000000000L)]
    [InlineData("9000 PiB", null)]
    [InlineData("", null)]
    [InlineData("KiB", null)]
    [InlineData("1 2", null)]
    [InlineData("1.2.3", null)]
    [InlineData("-1", null)]
    [InlineData("1e3", null)]
    [InlineData("1 kib", null)]
    [InlineData("99999999999999 GiB", null)]
    [InlineData("99999999999999999999999999999999 GiB", null)]
    public void A_size_is_a_number_and_a_unit(string text, long? bytes) => Assert.Equal(bytes, SettingsText.ParseSize(text));

    [Theory]
    [InlineData("100us", 0.1)]
    [InlineData("250ms", 250.0)]
    [InlineData("2s", 2000.0)]
    [InlineData("2 seconds", 2000.0)]
    [InlineData("1.5s", 1500.0)]
    [InlineData("1m", 60000.0)]
    [InlineData("1h", 3600000.0)]
    [InlineData("0s", 0.0)]
    [InlineData("2", null)]
    [InlineData("s", null)]
    [InlineData("2 weeks", null)]
    [InlineData("infinite", null)]
    public void A_duration_is_a_number_and_a_unit(string text, double? milliseconds) =>
        Assert.Equal(milliseconds, SettingsText.ParseDuration(text)?.TotalMilliseconds);

    private static BrokerSettings Read(params string[] assignments) => BrokerSettingsReader.Read(SettingsLayers.Load(null, null, assignments));
}
