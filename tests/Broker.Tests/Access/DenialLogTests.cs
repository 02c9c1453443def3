using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Broker.Tests.Diagnostics;

namespace UdsBroker.Broker.Tests.Access;

/// <summary>Denials in the log: the first at once, a flood as one line per interval, however many users there are.</summary>
public sealed class DenialLogTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly AccessDecision Denial = new(false, AccessGround.Default);

    private readonly LogLines _lines = new();
    private readonly ClockOfTest _clock = new();
    private readonly DenialLog _log;

    public DenialLogTests() => _log = new DenialLog(_lines, _clock, Interval, new Traffic());

    [Fact]
    public void A_flood_is_one_line_and_the_next_one_says_how_many_it_left_out()
    {
        for (var i = 0; i < 1000; i++) Deny(1000, AccessVerbs.Publish, "a.b");
        _clock.Now += Interval;
        Deny(1000, AccessVerbs.Publish, "a.c");

        Assert.Equal(
            [
                "190 uid 1000 was denied to publish to a.b: no rule matches and udsbroker.access.default decides; 0 like it were not logged",
                "190 uid 1000 was denied to publish to a.c: no rule matches and udsbroker.access.default decides; 999 like it were not logged",
            ],
            _lines.Lines.Select(line => line.TrimEnd()));
    }

    [Fact]
    public void A_subject_cannot_forge_a_line_or_control_a_terminal()
    {
        using var text = new StringWriter();
        Deny(1, AccessVerbs.Publish, "a.\u009b31m\u2028b");
        var line = new Microsoft.Extensions.Logging.Abstractions.LogEntry<string>(
            Microsoft.Extensions.Logging.LogLevel.Warning, "UdsBroker", new Microsoft.Extensions.Logging.EventId(190), _lines.Lines.Single(), null, (state, _) => state);

        new LineFormatter(TimeProvider.System).Write(line, null, text);

        Assert.Contains("publish to a.\\u009b31m\\u2028b: ", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u009b', text.ToString());
        Assert.Single(text.ToString().Split('\u2028', '\n'), part => part.Length > 0);
    }

    [Fact]
    public void Users_and_verbs_are_told_apart()
    {
        Deny(1, AccessVerbs.Publish, "a");
        Deny(1, AccessVerbs.Subscribe, "a");
        Deny(2, AccessVerbs.Publish, "a");
        Deny(null, AccessVerbs.Connect, "");

        Assert.Equal(
            ["uid 1 was denied to publish to a", "uid 1 was denied to subscribe to a", "uid 2 was denied to publish to a", "an unknown user was denied to connect"],
            _lines.Lines.Select(line => line["190 ".Length..line.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Fact]
    public void Lines_and_memory_are_bounded_however_many_users_are_denied_and_quiet_users_are_forgotten()
    {
        for (uint uid = 0; uid < 10_000; uid++) Deny(uid, AccessVerbs.Connect, "");
        Assert.InRange(_lines.Lines.Count(), 200, 300);

        _clock.Now += Interval;
        Deny(9_999, AccessVerbs.Connect, "");
        Assert.Contains("uid 9999 ", _lines.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hundred_and_fifty_six_users_have_a_line_each_and_all_others_share_one_that_counts_them()
    {
        for (uint uid = 0; uid < 256; uid++) Deny(uid, AccessVerbs.Connect, "");
        for (uint uid = 0; uid < 256; uid++) Deny(uid, AccessVerbs.Connect, ""); // so none of them is quiet and can be forgotten
        for (uint uid = 256; uid < 1000; uid++) Deny(uid, AccessVerbs.Connect, "");
        Assert.Equal(257, _lines.Lines.Count());
        Assert.Contains("uid 256 ", _lines.Lines.Last(), StringComparison.Ordinal);

        _clock.Now += Interval;
        Deny(5000, AccessVerbs.Connect, "");
        Assert.Contains("uid 5000 ", _lines.Lines.Last(), StringComparison.Ordinal);
        Assert.EndsWith("; 743 like it were not logged", _lines.Lines.Last().TrimEnd(), StringComparison.Ordinal);
        Deny(3, AccessVerbs.Connect, "");
        Assert.EndsWith("; 1 like it were not logged", _lines.Lines.Last().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_is_forgotten_after_a_quiet_interval_and_no_tick_earlier()
    {
        for (uint uid = 0; uid < 256; uid++) Deny(uid, AccessVerbs.Connect, "");

        _clock.Now += Interval - TimeSpan.FromTicks(1);
        Deny(1000, AccessVerbs.Connect, "");
        Deny(1001, AccessVerbs.Connect, "");
        Assert.Equal(257, _lines.Lines.Count());

        _clock.Now += TimeSpan.FromTicks(1);
        Deny(1002, AccessVerbs.Connect, "");
        Deny(1003, AccessVerbs.Connect, "");
        Assert.Equal(259, _lines.Lines.Count());
    }

    private void Deny(uint? uid, AccessVerbs verb, string subject) =>
        ((IDenials)_log).Denied(AccessOfTest.Peer(uid), verb, Encoding.UTF8.GetBytes(subject), Denial);
}
