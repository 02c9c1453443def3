using UdsBroker.Bench.Cells;
using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Report;

namespace UdsBroker.Bench.Tests;

/// <summary>
/// One tiny round of every cell against our broker and the relay, the only two that are always there. Nothing is said about how
/// fast: a test has no business with time.
/// </summary>
public sealed class RoundTests
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void Every_cell_measures_our_broker_and_the_relay_and_the_report_shows_it()
    {
        var broker = $"{Path.Combine(AppContext.BaseDirectory, "udsbroker")} --set udsbroker.subscriptions.stall-timeout=1h"; // every message has to arrive, however busy the machine is
        Contender[] contenders = [new Udsb("UdsBroker", broker), new Relay(), new UdsbPackets(broker)];
        using var contest = new Contest(contenders, rounds: 1, TextWriter.Null);
        contest.Start();
        var users = Path.Combine(AppContext.BaseDirectory, "udsb-bench-user");
        foreach (var cell in AllCells.Create(Round, idleConnections: 20, users).Where(cell => cell is not IdleCell)) contest.Run(cell);

        Assert.Empty(contest.Results.Failures);
        Assert.All(contest.Results.Rows, row => Assert.True(contest.Results.Median(row, contenders[0]) >= 0, row.Name));
        Assert.All(contest.Results.Rows.Where(row => row.Unit == "messages/s"), row =>
            Assert.All(contenders, contender => Assert.True(contest.Results.Median(row, contender) > 0, $"{row.Name} of {contender.Name}")));
        var page = MarkdownReport.Write(contest.Results, ["a test"], "picture.svg");
        Assert.All(contest.Results.Rows, row => Assert.Contains($"| {row.Name} | {row.Unit} |", page, StringComparison.Ordinal));
        Assert.Contains(">256 KiB<", SvgReport.Write(contest.Results), StringComparison.Ordinal);
    }

    [Fact]
    public void A_contender_that_is_not_installed_is_named() =>
        Assert.Contains("/nowhere/udsbroker", new Udsb("UdsBroker", "/nowhere/udsbroker").Missing, StringComparison.Ordinal);
}
