using Akka.Actor;
using Akka.Event;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class SupervisionTests
{
    [Fact]
    public async Task Resume_keeps_the_instance_and_goes_on_with_the_next_message()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var (_, child) = await Family.Of(test, probe, new OneForOneStrategy(_ => Directive.Resume));
        child.Tell(new Fail("x"));
        child.Tell("next");
        await probe.Expect("c next");
    }

    [Fact]
    public async Task Restart_replaces_the_instance()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var (_, child) = await Family.Of(test, probe, new OneForOneStrategy(_ => Directive.Restart));
        child.Tell(new Fail("x"));
        child.Tell("next");
        await probe.Expect("c restarting after x on x", "c stopped", "c constructed", "c restarted", "c started", "c next");
    }

    [Fact]
    public async Task Stop_ends_the_child()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var (parent, child) = await Family.Of(test, probe, new OneForOneStrategy(_ => Directive.Stop));
        await probe.Watch(child);
        child.Tell(new Fail("x"));
        await probe.Expect("c stopped");
        Assert.Equal(child, (await probe.Next<Terminated>()).ActorRef);
        parent.Tell("alive");
        await probe.Expect("p alive");
    }

    [Fact]
    public async Task Escalate_makes_the_parent_fail_with_the_same_failure_and_a_restarted_parent_stops_the_child()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var (parent, child) = await Family.Of(test, probe, new OneForOneStrategy(_ => Directive.Escalate));
        child.Tell(new Fail("deep"));
        await probe.Expect("p restarting after deep on nothing");
        await probe.ExpectInAnyOrder("p stopped", "c stopped");
        await probe.Expect("p constructed", "p restarted", "p started");
        parent.Tell("alive");
        await probe.Expect("p alive");
    }

    [Fact]
    public async Task One_for_one_leaves_the_siblings_alone()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var (parent, child) = await Family.Of(test, probe, new OneForOneStrategy(_ => Directive.Restart));
        var sibling = await parent.Spawn(Recorder.Props(probe, "s"), "sibling");
        await probe.Expect("s constructed", "s started");
        child.Tell(new Fail("x"));
        await probe.Expect("c restarting after x on x", "c stopped", "c constructed", "c restarted", "c started");
        sibling.Tell("untouched");
        await probe.Expect("s untouched");
    }

    [Fact]
    public async Task All_for_one_restarts_every_child()
    {
        await using var test = new TestSystem();
        var steps = test.CreateProbe();
        var first = test.CreateProbe();
        var second = test.CreateProbe();
        var parent = test.System.ActorOf(Recorder.Props(steps, "p", new AllForOneStrategy(_ => Directive.Restart)));
        var failing = await parent.Spawn(Recorder.Props(first, "1"), "1");
        await parent.Spawn(Recorder.Props(second, "2"), "2");
        await first.Expect("1 constructed", "1 started");
        await second.Expect("2 constructed", "2 started");
        failing.Tell(new Fail("x"));
        await first.Expect("1 restarting after x on x", "1 stopped", "1 constructed", "1 restarted", "1 started");
        await second.Expect("2 restarting after x on nothing", "2 stopped", "2 constructed", "2 restarted", "2 started");
    }

    [Fact]
    public async Task All_for_one_stops_every_child()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var watcher = test.CreateProbe();
        var parent = test.System.ActorOf(Recorder.Props(probe, "p", new AllForOneStrategy(_ => Directive.Stop)));
        var failing = await parent.Spawn(Recorder.Props(probe, "1"), "1");
        var other = await parent.Spawn(Recorder.Props(probe, "2"), "2");
        await watcher.Watch(failing);
        await watcher.Watch(other);
        failing.Tell(new Fail("x"));
        var ended = new[] { (await watcher.Next<Terminated>()).ActorRef, (await watcher.Next<Terminated>()).ActorRef };
        Assert.Equal([failing, other], ended.OrderBy(actor => actor.Path.Name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_default_strategy_restarts_on_ordinary_failures_and_stops_on_the_runtimes_own()
    {
        var decider = SupervisorStrategy.DefaultDecider;
        Assert.Equal(Directive.Restart, decider.Decide(new Boom("x")));
        Assert.Equal(Directive.Stop, decider.Decide(new ActorInitializationException("x")));
        Assert.Equal(Directive.Stop, decider.Decide(new ActorKilledException("x")));
        Assert.Equal(Directive.Stop, decider.Decide(new DeathPactException(ActorRefs.Nobody)));
        Assert.Equal(Directive.Stop, SupervisorStrategy.StoppingStrategy.Decider.Decide(new Boom("x")));
        await Task.CompletedTask;
    }

    [Fact]
    public void A_decider_of_a_table_takes_the_first_row_that_fits()
    {
        var decider = Decider.From(
            Directive.Escalate,
            Directive.Stop.When<ArgumentNullException>(),
            Directive.Resume.When<ArgumentException>());
        Assert.Equal(Directive.Stop, decider.Decide(new ArgumentNullException("x")));
        Assert.Equal(Directive.Resume, decider.Decide(new ArgumentException("x")));
        Assert.Equal(Directive.Escalate, decider.Decide(new Boom("x")));
    }

    [Fact]
    public async Task The_strategy_of_the_props_wins_over_the_actors_own()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var props = Recorder.Props(probe, "p", new OneForOneStrategy(_ => Directive.Restart));
        var parent = test.System.ActorOf(props.WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop)));
        var child = await parent.Spawn(Recorder.Props(probe, "c"), "child");
        await probe.Expect("p constructed", "p started", "c constructed", "c started");
        child.Tell(new Fail("x"));
        await probe.Expect("c stopped");
    }

    [Fact]
    public async Task A_decider_that_throws_makes_the_parent_fail()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var (_, child) = await Family.Of(test, probe, new OneForOneStrategy(_ => throw new Boom("decider")));
        child.Tell(new Fail("x"));
        await probe.Expect("p restarting after decider on nothing");
    }

    [Fact]
    public async Task Children_of_a_failed_actor_wait_until_it_is_decided_and_resume_lets_them_go_on()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        using var decide = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        var strategy = new OneForOneStrategy(_ =>
        {
            asked.Set();
            decide.Wait(Probe.Patience);
            return Directive.Resume;
        });
        var (_, middle) = await Family.Of(test, probe, strategy);
        var leaf = await middle.Spawn(Recorder.Props(probe, "l"), "leaf");
        await probe.Expect("l constructed", "l started");
        middle.Tell(new Fail("x"));
        Assert.True(asked.Wait(Probe.Patience, TestContext.Current.CancellationToken));
        leaf.Tell("waiting");
        middle.Tell("waiting too");
        var identity = await leaf.Ask<ActorIdentity>(new Identify(1), TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken)
            .ContinueWith(answer => answer.IsFaulted, TaskScheduler.Default);
        Assert.True(identity, "a suspended actor answered");
        Assert.False(probe.TryNext(out _));
        decide.Set();
        var rest = new[] { await probe.Next<string>(), await probe.Next<string>() };
        Assert.Equal(["c waiting too", "l waiting"], rest.Order());
    }

    [Fact]
    public async Task Restart_and_stop_are_logged_as_errors_of_the_child_and_resume_as_a_warning()
    {
        await using var test = new TestSystem();
        var log = test.CreateProbe();
        var probe = test.CreateProbe();
        test.System.EventStream.Subscribe(log.Ref, typeof(Error));
        test.System.EventStream.Subscribe(log.Ref, typeof(Warning));
        var (_, child) = await Family.Of(test, probe, new OneForOneStrategy(cause => cause.Message == "resume" ? Directive.Resume : Directive.Stop));
        child.Tell(new Fail("resume"));
        var warning = await log.Next<Warning>();
        Assert.Equal("resume", warning.Message);
        child.Tell(new Fail("stop"));
        var error = await log.Next<Error>();
        Assert.Equal(child.Path.ToString(), error.LogSource);
        Assert.IsType<Boom>(error.Cause);
        Assert.Equal("stop", error.Message);
    }

    [Fact]
    public async Task A_hook_that_fails_before_a_restart_is_logged_with_the_failure_that_led_to_it()
    {
        await using var test = new TestSystem();
        var log = test.CreateProbe();
        test.System.EventStream.Subscribe(log.Ref, typeof(Error));
        test.System.ActorOf(Props.Create(() => new FailsBeforeRestart())).Tell("fail");

        PreRestartException? found = null;
        while (found is null) found = (await log.Next<Error>()).Cause as PreRestartException;
        Assert.Equal("in the hook", found.RestartException.Message);
        Assert.Equal("in the handler", found.InnerException!.Message);
        Assert.Equal("fail", found.OptionalMessage);
    }

    [Fact]
    public async Task A_strategy_can_be_silent()
    {
        await using var test = new TestSystem();
        var log = test.CreateProbe();
        var probe = test.CreateProbe();
        test.System.EventStream.Subscribe(log.Ref, typeof(Error));
        var (_, child) = await Family.Of(test, probe, new OneForOneStrategy(-1, -1, _ => Directive.Stop, loggingEnabled: false));
        await probe.Watch(child);
        child.Tell(new Fail("x"));
        await probe.Expect("c stopped");
        await probe.Next<Terminated>();
        test.System.EventStream.Publish(new Error(null, "fence", typeof(SupervisionTests), "fence"));
        Assert.Equal("fence", (await log.Next<Error>()).Message);
    }

    [Fact]
    public async Task The_strategy_for_top_level_actors_is_configured()
    {
        await using var test = new TestSystem("""akka.actor.guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy" """);
        var probe = test.CreateProbe();
        var actor = test.System.ActorOf(Recorder.Props(probe, "a"));
        await probe.Watch(actor);
        actor.Tell(new Fail("x"));
        await probe.Expect("a constructed", "a started", "a stopped");
        await probe.Next<Terminated>();
    }

    [Fact]
    public async Task A_failure_of_the_user_guardian_ends_the_system()
    {
        await using var test = new TestSystem($"""akka.actor.guardian-supervisor-strategy = "{typeof(Escalating).AssemblyQualifiedName}" """);
        var probe = test.CreateProbe();
        var other = new TaskCompletionSource();
        test.System.ActorOf(Props.Create(() => new SignalsStop(other)));
        var actor = test.System.ActorOf(Recorder.Props(probe, "a"));
        actor.Tell(new Fail("top"));
        await test.System.WhenTerminated.InTime();
        await other.Task.InTime();
    }

    private sealed class Escalating : SupervisorStrategyConfigurator
    {
        public override SupervisorStrategy Create() => new OneForOneStrategy(_ => Directive.Escalate);
    }

    private sealed class SignalsStop(TaskCompletionSource stopped) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => stopped.SetResult();
    }

    private sealed class FailsBeforeRestart : UntypedActor
    {
        protected override void OnReceive(object message) => throw new InvalidOperationException("in the handler");

        protected override void PreRestart(Exception reason, object message) => throw new InvalidOperationException("in the hook");
    }
}
