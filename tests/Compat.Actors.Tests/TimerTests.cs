using Akka.Actor;
using Akka.Event;

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
    public async Task A_constructor_can_start_timers_of_its_instance()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new TimedFromTheStart(target)));
        await probe.Expect("tick");
        actor.Tell(new Fail("x"));
        await probe.Expect("tick");
    }

    [Fact]
    public async Task A_timer_needs_a_key_and_one_without_a_message_never_arrives()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = Timed(test, probe);
        actor.Tell(new Act(timers =>
        {
            Assert.Throws<ArgumentNullException>(() => timers.StartSingleTimer(null, "x", TimeSpan.Zero));
            Assert.Throws<ArgumentNullException>(() => timers.StartPeriodicTimer(null, "x", Soon));
            Assert.Throws<ArgumentNullException>(() => timers.Cancel(null));
            Assert.Throws<ArgumentNullException>(() => timers.IsTimerActive(null));
            timers.StartSingleTimer("empty", null, TimeSpan.Zero);
            timers.StartSingleTimer("fence", "fence", Soon);
        }));
        await probe.Expect("fence");
    }

    [Fact]
    public async Task A_key_that_cannot_be_compared_is_a_failure_of_the_actor()
    {
        await using var test = new TestSystem();
        var log = test.CreateProbe();
        test.System.EventStream.Subscribe(log.Ref, typeof(Error));
        var actor = Timed(test, test.CreateProbe());
        var key = new FaultyKey();
        actor.Tell(new Act(timers =>
        {
            timers.StartSingleTimer(key, "unheard", Soon);
            key.IsFaulty = true;
        }));
        Assert.Equal("hash", (await log.Next<Error>()).Message);
    }

    private static IActorRef Timed(TestSystem test, Probe probe)
    {
        var target = probe.Ref;
        return test.System.ActorOf(Props.Create(() => new TimedActor(target)));
    }

    private sealed record Act(Action<ITimerScheduler> Do);

    private sealed record Active;

    private sealed class FaultyKey
    {
        public bool IsFaulty { get; set; }

        public override int GetHashCode() => IsFaulty ? throw new Boom("hash") : 1;
    }

    private sealed class TimedFromTheStart : UntypedActor, IWithTimers
    {
        private readonly IActorRef _to;

        public TimedFromTheStart(IActorRef to)
        {
            _to = to;
            Timers.StartSingleTimer("k", "tick", Soon);
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            if (message is Fail fail) throw new Boom(fail.Reason);
            _to.Tell(message);
        }
    }

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
