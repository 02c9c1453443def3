namespace UdsBroker.Faults.Tests;

/// <summary>
/// S10, P17: thousands of random traces of the stores of retained and delayed messages. After every step what is charged to each user is what a plain list says,
/// every refusal is predicted with whose bound it was, and at the end every count is exactly zero.
/// </summary>
public sealed class KeptAccountingTests
{
    [Fact]
    public void On_every_trace_each_user_is_charged_for_exactly_what_is_kept_of_him()
    {
        var campaign = Campaign.Begin("kept-accounting", inCi: 3_000, whenLong: 500_000);
        long steps = 0, ofUser = 0, ofAll = 0;
        for (var round = 0L; round < campaign.Rounds; round++)
        {
            Campaign.Cancelled.ThrowIfCancellationRequested();
            var trace = new KeptTrace(new SeededRandom(campaign.Seed, round));
            try
            {
                trace.Play();
            }
            catch (Exception failure)
            {
                throw campaign.Replayable(round, failure);
            }

            steps += trace.Steps;
            ofUser += trace.Refused.OfUser;
            ofAll += trace.Refused.OfAll;
        }

        campaign.Say(
            $"{campaign.Rounds} traces of {steps} steps, {ofUser} times at a user's bound, {ofAll} times at that of all: "
            + "every charge foretold, all back at zero");
        Assert.True(ofUser > campaign.Rounds && ofAll > campaign.Rounds / 4, "the traces have lost their bite");
    }
}
