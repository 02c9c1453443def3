using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Tests.Transport;

namespace UdsBroker.Broker.Tests.Settings;

/// <summary>What a file may hold by mistake: settings come of it or one line for the operator, and never any other failure, which would end a running broker.</summary>
public sealed class OddSettingsTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("udsbroker.log.level = null", "udsbroker.log.level = null")]
    [InlineData("udsbroker.log.level = \"null\"", "udsbroker.log.level = null")]
    [InlineData("udsbroker.log = null", "udsbroker.log = null")]
    [InlineData("udsbroker = null", "udsbroker = null")]
    [InlineData("udsbroker.limits.max-payload = null", "udsbroker.limits.max-payload = null")]
    [InlineData("udsbroker.shutdown.grace-period = null", "udsbroker.shutdown.grace-period = null")]
    [InlineData("udsbroker.listener.mode = null", "udsbroker.listener.mode = null")]
    [InlineData("udsbroker.listener.owner = null", "udsbroker.listener.owner = null")]
    [InlineData("udsbroker.listeners = null", "udsbroker.listeners = null")]
    [InlineData("udsbroker.listeners.main = null", "udsbroker.listeners.main = null")]
    [InlineData("udsbroker.listeners.main.path = null", "udsbroker.listeners.main.path = null")]
    [InlineData("udsbroker.access.default = null", "udsbroker.access.default = null")]
    [InlineData("udsbroker.access.rules = null", "udsbroker.access.rules = null")]
    [InlineData("udsbroker.access.rules = [null]", "udsbroker.access.rules[0] = null")]
    [InlineData("udsbroker.access.rules = [{ allow = null }]", "udsbroker.access.rules[0].allow = null")]
    [InlineData("udsbroker.access.rules = [{ allow = [publish, null] }]", "udsbroker.access.rules[0].allow = null")]
    [InlineData("udsbroker.access.rules = [{ allow = all, user = null }]", "udsbroker.access.rules[0].user = null")]
    [InlineData("udsbroker.access.rules = [{ allow = all, uid = null }]", "udsbroker.access.rules[0].uid = null")]
    [InlineData("udsbroker.access.rules = [{ allow = all, subjects = null }]", "udsbroker.access.rules[0].subjects = null")]
    public void Null_is_no_value_and_does_not_stand_for_a_default(string text, string named) =>
        Assert.Equal($"{named}: expected a value; null is none, and a key that is left out has its default", Assert.Throws<SettingsException>(() => Read(text)).Message);

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("5")]
    [InlineData("udsbroker = 5")]
    [InlineData("udsbroker = []")]
    [InlineData("udsbroker { listeners = [] }")]
    [InlineData("udsbroker { listeners = 5 }")]
    [InlineData("udsbroker { listeners { main = 5 } }")]
    [InlineData("udsbroker.listeners.\"a.b\".path = /tmp/x")]
    [InlineData("udsbroker.listeners.main.path = \"\\u0000\"")]
    [InlineData("udsbroker.listener.owner = \"\\u0000x\"")]
    [InlineData("udsbroker.listener.mode = 0999")]
    [InlineData("udsbroker.listener.mode = 99999999999999")]
    [InlineData("udsbroker.access.rules = {}")]
    [InlineData("udsbroker.access.rules = [5]")]
    [InlineData("udsbroker.access.rules = [[]]")]
    [InlineData("udsbroker.access.rules = [{}]")]
    [InlineData("udsbroker.access.rules = \"\"\"x\"\"\"")]
    [InlineData("udsbroker.access.rules = [{allow={}}]")]
    [InlineData("udsbroker.access.rules = [{allow=[{}]}]")]
    [InlineData("udsbroker.access.rules = [{allow=[[all]]}]")]
    [InlineData("udsbroker.access.rules = [{allow=all, user={}}]")]
    [InlineData("udsbroker.access.rules = [{allow=all, subjects=[[a]]}]")]
    [InlineData("udsbroker.access.rules = [{allow=all, subjects={a=b}}]")]
    [InlineData("udsbroker.access.rules += {allow=all}")]
    [InlineData("udsbroker.log.level = \"\"")]
    [InlineData("udsbroker.log.level = ${x}")]
    [InlineData("udsbroker.log.level = ${?x}")]
    [InlineData("udsbroker.log.level = ${udsbroker.log}")]
    [InlineData("udsbroker.log.level = ${udsbroker.log.level}")]
    [InlineData("udsbroker.log = ${udsbroker.log}")]
    [InlineData("udsbroker.limits.max-payload = 99999999999999999999999999999999999")]
    [InlineData("udsbroker.limits.max-payload = .")]
    [InlineData("udsbroker.limits.max-payload = {}")]
    [InlineData("udsbroker.shutdown.grace-period = 9999999999999h")]
    [InlineData("include \"foo\"")]
    [InlineData("udsbroker\0 = 5")]
    public void What_is_no_setting_is_one_line(string text)
    {
        var failure = Assert.Throws<SettingsException>(() => Read(text));

        Assert.DoesNotContain('\n', failure.Message);
        Assert.Contains(": ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ a ", "}")]
    [InlineData("[", "]")]
    public void Nesting_that_the_parser_has_no_stack_for_is_one_line(string open, string close)
    {
        var text = $"udsbroker.x = {string.Concat(Enumerable.Repeat(open, 1_000_000))}{string.Concat(Enumerable.Repeat(close, 1_000_000))}";

        Assert.EndsWith(": line 1: more than 100 blocks and lists within each other", Assert.Throws<SettingsException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    private BrokerSettings Read(string text)
    {
        File.WriteAllText(_directory["a.conf"], text);
        return new SettingsSource(_directory["a.conf"], null, []).Read(out _);
    }
}
