using UdsBroker.EndToEnd.Tests;

namespace UdsBroker.Faults.Tests;

/// <summary>M1: histories of random clients on real sockets and threads, who publish, ask, answer, share, stall and die, are what the promises P1 to P6 allow.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task What_clients_saw_is_what_the_promises_allow()
    {
        var campaign = Campaign.Begin("histories", inCi: 3, whenLong: 2000);
        await using var fixture = await BrokerFixture.StartAsync(
            "--set", "udsbroker.log.level=error", "--set", "udsbroker.subscriptions.stall-timeout=300ms", "--set", "udsbroker.subscriptions.max-pending=256 KiB");
        long events = 0, sent = 0, received = 0, missed = 0, lost = 0, requests = 0;
        for (var round = 0L; round < campaign.Rounds; round++)
        {
            var run = new HistoryRun(fixture.Socket, campaign.Seed, round);
            await run.PlayAsync();
            var history = run.History;
            var wrong = HistoryChecker.Check(history);
            if (wrong.Count > 0)
            {
                var why = new InvalidOperationException($"{wrong.Count} things are wrong:\n{string.Join('\n', wrong.Take(20))}");
                throw campaign.Replayable(round, why, $", as far as threads replay; its tail:\n{history.Tail(12)}\n");
            }

            events += history.Events;
            sent += history.Connections.Sum(c => (long)c.Sent.Count);
            received += history.Connections.Sum(c => c.Arrivals.LongCount(a => a.Missed == 0));
            missed += history.Connections.Sum(c => c.Arrivals.Sum(a => (long)a.Missed));
            lost += history.Connections.Count(c => c.IsLost);
            requests += history.Connections.Sum(c => c.Sent.LongCount(m => m.Reply is not null));
        }

        Assert.Single(fixture.Broker.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)); // its start line: no fault
        campaign.Say(
            $"{campaign.Rounds} histories of {events / campaign.Rounds} events: {sent} messages, {requests} of them requests, {received} received, {missed} missed, "
            + $"{lost} connections killed or closed as slow: nothing is wrong with any");
    }
}
