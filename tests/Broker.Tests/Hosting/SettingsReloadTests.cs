using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Hosting;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Transport;

namespace UdsBroker.Broker.Tests.Hosting;

/// <summary>Reloaded settings are applied as a whole or not at all, and a failure only produces log lines.</summary>
public sealed class SettingsReloadTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly LogThreshold _threshold = new(LogLevel.Warning);
    private readonly LogLines _log = new();
    private readonly List<BrokerSettings> _used = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Reloaded_settings_are_used_and_those_that_need_a_restart_are_named()
    {
        Run("udsbroker.log.level = debug\nudsbroker.limits.max-tokens = 16", _used.Add);

        Assert.Equal(16, Assert.Single(_used).Limits.MaxTokens);
        Assert.Equal(LogLevel.Debug, _threshold.Level);
        Assert.Equal("195 SIGHUP: these changed settings need a restart: udsbroker.limits.max-tokens", Assert.Single(_log.Lines).Trim());
    }

    [Fact]
    public void A_wrong_setting_changes_nothing_and_is_one_line()
    {
        Run("udsbroker.log.level = debug\nudsbroker.access.default = null", _used.Add);

        Assert.Empty(_used);
        Assert.Equal(LogLevel.Warning, _threshold.Level);
        Assert.Equal(
            "192 SIGHUP: nothing was changed, because the settings are wrong: udsbroker.access.default = null: expected a value; null is none, and a key that is left out has its default",
            Assert.Single(_log.Lines).Trim());
    }

    [Fact]
    public void A_fault_during_a_reload_is_logged_with_its_stack_and_does_not_escape()
    {
        Run("udsbroker.log.level = debug", _ => throw new InvalidOperationException("as nobody thought"));

        Assert.Equal(LogLevel.Warning, _threshold.Level);
        Assert.StartsWith(
            "192 SIGHUP: nothing was changed, because the broker failed to apply the settings System.InvalidOperationException: as nobody thought",
            Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    private void Run(string text, Action<BrokerSettings> use)
    {
        File.WriteAllText(_directory["a.conf"], text);
        new SettingsReload(new SettingsSource(_directory["a.conf"], null, []), SettingsLayers.Reference, _threshold, _log).Run(use);
    }
}
