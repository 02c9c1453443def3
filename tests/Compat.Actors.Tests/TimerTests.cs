using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class TimerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_single_timer_fires_once_and_is_then_inactive()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers => timers.StartSingleTimer("k", "tick", Soon)));
        await probe.Expect("tick");
        Assert.Equal("", await actor.AskFor<string>(new Active()));
    }

    [Fact]
    public async Task A_periodic_timer_fires_until_it_is_cancelled()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers => timers.StartPeriodicTimer("k", "tick", Soon)));
        await probe.Expect("tick", "tick", "tick");
        Assert.Equal("k", await actor.AskFor<string>(new Active()));
        actor.Tell(new Act(timers => timers.Cancel("k")));
        Assert.Equal("", await actor.AskFor<string>(new Active()));
        while (probe.TryNext(out _))
        {
        }

        actor.Tell(new Act(timers => timers.StartSingleTimer("fence", "fence", Soon * 3)));
        await probe.Expect("fence");
    }

    [Fact]
    public async Task A_periodic_timer_can_wait_before_its_first_tick()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers =>
        {
            timers.StartPeriodicTimer("k", "tick", TimeSpan.FromMilliseconds(1), Never);
            timers.StartSingleTimer("later", "later", Soon * 2);
        }));
        await probe.Expect("tick", "later");
    }

    [Fact]
    public async Task A_tick_that_already_lies_in_the_mailbox_is_dropped_when_its_timer_is_cancelled()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers => timers.StartSingleTimer("k", "stale", TimeSpan.FromMilliseconds(1))));
        actor.Tell(new Act(timers =>
        {
            // The actor is busy long enough for the tick to be queued behind this message.
            new ManualResetEventSlim().Wait(200);
            timers.Cancel("k");
            timers.StartSingleTimer("fence", "fence", Soon);
        }));
        await probe.Expect("fence");
    }

    [Fact]
    public async Task A_timer_that_cannot_be_started_is_not_there_and_disturbs_no_other()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers =>
        {
            Assert.ThrowsAny<ArgumentException>(() => timers.StartPeriodicTimer("never", "tick", TimeSpan.Zero));
            Assert.False(timers.IsTimerActive("never"));
            timers.CancelAll();
            timers.StartSingleTimer("k", "other", Soon);
        }));
        await probe.Expect("other");
    }

    [Fact]
    public async Task Starting_a_timer_again_replaces_it()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers =>
        {
            timers.StartSingleTimer("k", "old", TimeSpan.FromMilliseconds(1));
            new ManualResetEventSlim().Wait(100);
            timers.StartSingleTimer("k", "new", Soon);
        }));
        await probe.Expect("new");
    }

    [Fact]
    public async Task A_restart_cancels_the_timers()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers => timers.StartPeriodicTimer("k", "tick", Soon)));
        await probe.Expect("tick");
        actor.Tell(new Act(_ => throw new Boom("x")));
        Assert.Equal("", await actor.AskFor<string>(new Active()));
        while (probe.TryNext(out _))
        {
        }

        actor.Tell(new Act(timers => timers.StartSingleTimer("fence", "fence", Soon * 3)));
        await probe.Expect("fence");
    }

    [Fact]
    public async Task A_tick_of_the_instance_before_a_restart_is_dropped()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers =>
        {
            timers.StartSingleTimer("k", "stale", TimeSpan.FromMilliseconds(1));
            new ManualResetEventSlim().Wait(200);
            throw new Boom("x");
        }));
        actor.Tell(new Act(timers => timers.StartSingleTimer("k", "fresh", Soon)));
        await probe.Expect("fresh");
    }

    [Fact]
    public async Task Stopping_the_actor_cancels_the_timers()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var letters = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers => timers.StartPeriodicTimer("k", "tick", Soon)));
        await probe.Expect("tick");
        Assert.True(await actor.GracefulStop(Probe.Patience));
        test.System.EventStream.Subscribe(letters.Ref, typeof(Akka.Event.DeadLetter));
        test.System.Scheduler.ScheduleTellOnce(Soon * 3, letters.Ref, "fence", ActorRefs.NoSender);
        await letters.Expect("fence");
    }

    [Fact]
    public async Task Timers_are_active_by_key()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers =>
        {
            timers.StartSingleTimer("b", "x", Never);
            timers.StartPeriodicTimer("a", "x", Never);
            Assert.True(timers.IsTimerActive("a"));
            Assert.False(timers.IsTimerActive("c"));
        }));
        Assert.Equal("a,b", await actor.AskFor<string>(new Active()));
        actor.Tell(new Act(timers => timers.CancelAll()));
        Assert.Equal("", await actor.AskFor<string>(new Active()));
    }

    [Fact]
    public async Task A_receive_timeout_reports_idleness_again_and_again_until_it_is_switched_off()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.Run((context, message) =>
        {
            if (message is "on") context.SetReceiveTimeout(Soon);
            if (message is "off") context.SetReceiveTimeout(null);
            target.Tell(message is ReceiveTimeout ? "idle" : message);
        });
        actor.Tell("on");
        await probe.Expect("on", "idle", "idle");
        actor.Tell("off");
        while (await probe.Next<string>() is not "off")
        {
        }

        test.System.Scheduler.ScheduleTellOnce(Soon * 4, probe.Ref, "fence", ActorRefs.NoSender);
        await probe.Expect("fence");
    }

    [Fact]
    public async Task Messages_put_the_receive_timeout_off_unless_they_are_marked_not_to()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var timeout = TimeSpan.FromMilliseconds(400);
        var sinceLast = new System.Diagnostics.Stopwatch();
        var actor = test.Run((context, message) =>
        {
            if (message is "on") context.SetReceiveTimeout(timeout);
            if (message is ReceiveTimeout) target.Tell(sinceLast.Elapsed);
            if (message is string) sinceLast.Restart();
        });
        actor.Tell("on");
        var busy = System.Diagnostics.Stopwatch.StartNew();
        while (busy.Elapsed < timeout * 3)
        {
            actor.Tell("busy");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var stopQuiet = false;
        var quiet = TellQuietly();
        async Task TellQuietly()
        {
            while (!Volatile.Read(ref stopQuiet))
            {
                actor.Tell(new Quiet());
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }

        // On a machine that stood still meanwhile there may be several; none comes earlier than the timeout behind the last message, but for a tick of the timer.
        Assert.True(await probe.Next<TimeSpan>() > timeout - TimeSpan.FromMilliseconds(50));
        Volatile.Write(ref stopQuiet, true);
        await quiet;
        while (probe.TryNext(out var more)) Assert.True((TimeSpan)more.Message > timeout - TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task An_actor_is_not_idle_while_it_processes_a_message_however_long()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var timeout = TimeSpan.FromMilliseconds(300);
        var scheduler = test.System.Scheduler.Advanced;
        var actor = test.Run((context, message) =>
        {
            if (message is "on") context.SetReceiveTimeout(timeout);
            if (message is "on" or "work")
            {
                // A timer of the same scheduler that is due later than the timeout would be.
                using var later = new ManualResetEventSlim();
                scheduler.ScheduleOnce(timeout * 2, later.Set);
                later.Wait();
            }

            if (message is "off") context.SetReceiveTimeout(null);
            target.Tell(message is ReceiveTimeout ? "idle" : message);
        });
        actor.Tell("on");
        actor.Tell("work");
        actor.Tell("off");
        await probe.Expect("on", "work", "off");

        // Behind a timeout that was sent meanwhile.
        actor.Tell("fence");
        await probe.Expect("fence");
    }

    private static IActorRef Timed(TestSystem test, Probe probe)
    {
        var target = probe.Ref;
        return test.System.ActorOf(Props.Create(() => new TimedActor(target)));
    }

    private sealed record Act(Action<ITimerScheduler> Do);

    private sealed record Active;

    private sealed class Quiet : INotInfluenceReceiveTimeout;

    private sealed class TimedActor(IActorRef to) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Act act:
                    act.Do(Timers);
                    break;
                case Active:
                    Sender.Tell(string.Join(",", Timers.ActiveTimers.Cast<string>().Order(StringComparer.Ordinal)));
                    break;
                default:
                    to.Tell(message);
                    break;
            }
        }
    }
}
