using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class SchedulerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task A_message_is_sent_after_the_delay_with_the_sender_given()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        test.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(100), probe.Ref, "later", probe.Ref);
        var received = await probe.NextReceived();
        Assert.True(watch.ElapsedMilliseconds >= 85, $"it came after {watch.ElapsedMilliseconds} ms");
        Assert.Equal("later", received.Message);
        Assert.Equal(probe.Ref, received.Sender);
    }

    [Fact]
    public async Task A_message_is_sent_again_and_again_until_cancelled()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var cancel = test.System.Scheduler.ScheduleTellRepeatedlyCancelable(Soon, Soon, probe.Ref, "tick", ActorRefs.NoSender);
        await probe.Expect("tick", "tick", "tick");
        cancel.Cancel();
        Assert.True(cancel.IsCancellationRequested);
        probe.Ref.Tell("cancelled");
        object message;
        while ((message = (await probe.NextReceived()).Message) is "tick")
        {
        }

        Assert.Equal("cancelled", message);
        test.System.Scheduler.ScheduleTellOnce(Soon * 3, probe.Ref, "fence", ActorRefs.NoSender);
        var ticks = 0;
        while ((message = (await probe.NextReceived()).Message) is "tick") Assert.True(++ticks < 3);
        Assert.Equal("fence", message);
    }

    [Fact]
    public async Task Work_that_is_cancelled_before_it_is_due_is_not_done()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        using var cancel = new Cancelable(test.System.Scheduler);
        test.System.Scheduler.ScheduleTellOnce(Soon * 2, probe.Ref, "cancelled", ActorRefs.NoSender, cancel);
        test.System.Scheduler.ScheduleTellOnce(Soon * 4, probe.Ref, "fence", ActorRefs.NoSender);
        cancel.Cancel();
        await probe.Expect("fence");
    }

    [Fact]
    public async Task Actions_run_once_or_repeatedly_and_a_failing_one_harms_no_other()
    {
        await using var test = new TestSystem();
        var scheduler = test.System.Scheduler.Advanced;
        var done = new TaskCompletionSource();
        var runs = 0;
        scheduler.ScheduleOnce(Soon, () => throw new Boom("scheduled"));
        var cancel = scheduler.ScheduleRepeatedlyCancelable(Soon, Soon, () =>
        {
            if (++runs == 3) done.SetResult();
        });
        await done.Task.InTime();
        cancel.Cancel();
    }

    [Fact]
    public async Task An_action_that_has_thrown_is_not_repeated()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var runs = 0;
        test.System.Scheduler.Advanced.ScheduleRepeatedly(Soon, Soon, () =>
        {
            target.Tell(++runs);
            if (runs == 2) throw new Boom("scheduled");
        });
        await probe.Expect(1, 2);
        test.System.Scheduler.ScheduleTellOnce(Soon * 4, target, "fence", ActorRefs.NoSender);
        await probe.Expect("fence");
    }

    [Fact]
    public async Task The_largest_delay_overflows_and_is_due_at_once()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        test.System.Scheduler.ScheduleTellOnce(TimeSpan.MaxValue, probe.Ref, "now", ActorRefs.NoSender);
        await probe.Expect("now");
    }

    [Fact]
    public async Task Ten_thousand_timers_all_fire_and_none_before_its_time_and_cancelled_ones_do_not()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        const int Timers = 10_000;
        const int Tick = 15;
        for (var i = 0; i < Timers; i++)
        {
            var delay = 100 + (i * 7919 % 500);
            test.System.Scheduler.ScheduleTellOnce(delay, probe.Ref, Environment.TickCount64 + delay, ActorRefs.NoSender);
            test.System.Scheduler.ScheduleTellOnceCancelable(delay, probe.Ref, long.MaxValue, ActorRefs.NoSender).Cancel();
        }

        var early = 0L;
        for (var i = 0; i < Timers; i++) early = Math.Max(early, await probe.Next<long>() - Environment.TickCount64);
        Assert.True(early <= Tick, $"a timer fired {early} ms before its time");
    }

    [Fact]
    public async Task Repetitions_that_were_missed_while_the_scheduler_was_held_up_are_made_up_for_at_once()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        const int Missed = 30;
        using var release = new ManualResetEventSlim();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.System.Scheduler.ScheduleTellRepeatedly(Soon, Soon, probe.Ref, "tick", ActorRefs.NoSender);
        await probe.Expect("tick");
        test.System.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () =>
        {
            held.SetResult();
            release.Wait(Probe.Patience);
        });
        await held.Task.InTime();
        while (probe.TryNext(out _))
        {
        }

        // What is held up is time itself. The fence is due behind all that was missed, and before what is not.
        await Task.Delay(Soon * (Missed + 1), TestContext.Current.CancellationToken);
        test.System.Scheduler.ScheduleTellOnce(TimeSpan.Zero, probe.Ref, "fence", ActorRefs.NoSender);
        release.Set();

        var ticks = 0;
        while (await probe.Next<string>() is "tick") ticks++;
        Assert.True(ticks >= Missed, $"{ticks} ticks");
    }

    [Fact]
    public async Task Delays_must_not_be_negative_and_intervals_must_be_positive()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var scheduler = test.System.Scheduler;
        Assert.Throws<ArgumentOutOfRangeException>(
            () => scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(-1), probe.Ref, "x", ActorRefs.NoSender));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.Zero, probe.Ref, "x", ActorRefs.NoSender));
    }

    [Fact]
    public async Task Cancelables_can_be_linked_and_can_cancel_themselves_later()
    {
        await using var test = new TestSystem();
        using var first = new Cancelable(test.System.Scheduler);
        var linked = Cancelable.CreateLinkedCancelable(test.System.Scheduler, first);
        first.Cancel();
        Assert.True(linked.IsCancellationRequested);
        Assert.True(Cancelable.CreateCanceled().IsCancellationRequested);
        using var later = new Cancelable(test.System.Scheduler, Soon);
        var cancelled = new TaskCompletionSource();
        await using var registration = later.Token.Register(() => cancelled.SetResult());
        await cancelled.Task.InTime();
    }
}
