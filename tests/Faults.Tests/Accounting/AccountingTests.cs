namespace UdsBroker.Faults.Tests;

/// <summary>
/// S10: thousands of random traces of a broker with tiny limits and several users. At every step the meters add up, no user has more than its
/// limit, and at the end, however the connections ended, every count is exactly zero.
/// </summary>
public sealed class AccountingTests
{
    [Fact]
    public void On_every_trace_the_meters_add_up_and_return_to_exactly_zero()
    {
        var campaign = Campaign.Begin("accounting", inCi: 10_000, whenLong: 1_000_000);
        long steps = 0, most = 0, refused = 0, asked = 0;
        for (var round = 0L; round < campaign.Rounds; round++)
        {
            Campaign.Cancelled.ThrowIfCancellationRequested();
            var trace = new AccountingTrace(new SeededRandom(campaign.Seed, round));
            try
            {
                trace.Play();
            }
            catch (Exception failure)
            {
                throw campaign.Replayable(round, failure);
            }

            steps += trace.Steps;
            most = Math.Max(most, trace.MostHeld);
            refused += trace.Refused;
            asked += trace.MostRequests;
        }

        campaign.Say($"{campaign.Rounds} traces of {steps} steps, up to {most} bytes held, {refused} times at a limit: all counts back at zero");
        Assert.True(most > 10_000 && refused > campaign.Rounds / 10 && asked > campaign.Rounds, "the traces have lost their bite");
    }
}
