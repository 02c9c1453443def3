using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Diagnostics;

/// <summary>Closed connections in the log: a few lines a second for each reason, and a count of the rest.</summary>
public sealed class ClosingLogTests
{
    private readonly LogLines _lines = new();
    private readonly ClockOfTest _clock = new();
    private readonly ClosingLog _log;

    public ClosingLogTests() => _log = new ClosingLog(_lines, _clock);

    [Fact]
    public void A_flood_is_ten_lines_a_second_and_the_next_second_says_how_many_were_left_out()
    {
        for (var i = 0; i < 5000; i++) Close(CloseReason.Violation);
        Assert.Equal(10, _lines.Lines.Count());
        Assert.All(_lines.Lines, line => Assert.StartsWith("102 ", line, StringComparison.Ordinal));

        _clock.Now += TimeSpan.FromSeconds(1);
        Close(CloseReason.Violation);
        Close(CloseReason.Violation);

        Assert.Equal("196 connections closed for Violation that were not logged: 4990", _lines.Lines.ElementAt(10).TrimEnd());
        Assert.Equal(13, _lines.Lines.Count());
    }

    [Fact]
    public void Even_a_single_one_that_was_left_out_is_reported()
    {
        for (var i = 0; i < 11; i++) Close(CloseReason.Violation);
        _clock.Now += TimeSpan.FromSeconds(1);
        Close(CloseReason.Violation);

        Assert.Equal("196 connections closed for Violation that were not logged: 1", _lines.Lines.ElementAt(10).TrimEnd());
        Assert.Equal(12, _lines.Lines.Count());
    }

    [Fact]
    public void One_reason_does_not_hide_another()
    {
        for (var i = 0; i < 1000; i++) Close(CloseReason.Violation);
        Close(CloseReason.Stale);
        Assert.Contains("Stale", _lines.Lines.Last(), StringComparison.Ordinal);
    }

    private void Close(CloseReason reason) => _log.Closed(Guid.Empty, "pid 1 uid 1", reason, "detail");
}
