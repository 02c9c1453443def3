using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class RestartBudgetTests
{
    [Fact]
    public async Task A_child_that_fails_more_often_than_its_budget_allows_is_stopped()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var (_, child) = await Family.Of(test, probe, new OneForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        await probe.Watch(child);
        for (var i = 0; i < 2; i++)
        {
            child.Tell(new Fail("x"));
            await probe.Expect("c restarting after x on x", "c stopped", "c constructed", "c restarted", "c started");
        }

        child.Tell(new Fail("x"));
        await probe.Expect("c stopped");
        await probe.Next<Terminated>();
    }

    [Fact]
    public async Task A_budget_without_a_window_never_recovers()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var (_, child) = await Family.Of(test, probe, new OneForOneStrategy(1, Timeout.Infinite, _ => Directive.Restart));
        await probe.Watch(child);
        child.Tell(new Fail("x"));
        await probe.Expect("c restarting after x on x", "c stopped", "c constructed", "c restarted", "c started");
        child.Tell(new Fail("x"));
        await probe.Expect("c stopped");
        await probe.Next<Terminated>();
    }

    [Fact]
    public async Task A_budget_of_zero_stops_at_the_first_failure()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var (_, child) = await Family.Of(test, probe, new OneForOneStrategy(0, Timeout.Infinite, _ => Directive.Restart));
        child.Tell(new Fail("x"));
        await probe.Expect("c stopped");
    }

    [Fact]
    public async Task A_budget_is_full_again_after_its_window()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var window = TimeSpan.FromMilliseconds(200);
        var (_, child) = await Family.Of(test, probe, new OneForOneStrategy(1, window, _ => Directive.Restart));
        for (var i = 0; i < 3; i++)
        {
            child.Tell(new Fail("x"));
            await probe.Expect("c restarting after x on x", "c stopped", "c constructed", "c restarted", "c started");
            test.System.Scheduler.ScheduleTellOnce(window * 2, probe.Ref, "the window is over", ActorRefs.NoSender);
            await probe.Expect("the window is over");
        }
    }
}
