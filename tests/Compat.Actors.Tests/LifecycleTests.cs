using System.Reflection;
using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public async Task An_actor_is_constructed_started_and_stopped_once()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.System.ActorOf(Recorder.Props(probe, "a"));
        await probe.Watch(actor);
        actor.Tell("work");
        actor.Tell(PoisonPill.Instance);
        await probe.Expect("a constructed", "a started", "a work", "a stopped");
        Assert.Equal(actor, (await probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task A_failure_restarts_the_actor_with_a_new_instance_behind_the_same_reference()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.System.ActorOf(Recorder.Props(probe, "a"));
        actor.Tell(new Fail("x"));
        actor.Tell("after");
        await probe.Expect(
            "a constructed", "a started", "a restarting after x on x", "a stopped", "a constructed", "a restarted", "a started", "a after");
        var identity = await actor.AskFor<ActorIdentity>(new Identify(1));
        Assert.Equal(actor, identity.Subject);
    }

    [Fact]
    public async Task A_restart_keeps_queued_messages_and_drops_the_one_that_failed()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.System.ActorOf(Recorder.Props(probe, "a"));
        await probe.Expect("a constructed", "a started");
        actor.Tell("1");
        actor.Tell(new Fail("x"));
        actor.Tell("2");
        actor.Tell("3");
        await probe.Expect(
            "a 1", "a restarting after x on x", "a stopped", "a constructed", "a restarted", "a started", "a 2", "a 3");
    }

    [Fact]
    public async Task A_restart_stops_the_children_before_the_new_instance_is_made()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var parent = test.System.ActorOf(Recorder.Props(probe, "p"));
        await probe.Expect("p constructed", "p started");
        var child = await parent.Spawn(Recorder.Props(probe, "c"), "child");
        await probe.Expect("c constructed", "c started");
        await probe.Watch(child);
        parent.Tell(new Fail("x"));
        await probe.Expect("p restarting after x on x");
        var rest = new List<object>();
        while (rest.Count < 6) rest.Add((await probe.NextReceived()).Message);
        Assert.Single(rest.OfType<Terminated>());
        var steps = rest.OfType<string>().ToList();
        Assert.Equivalent(new[] { "p stopped", "c stopped" }, steps.Take(2), strict: true);
        Assert.Equal(["p constructed", "p restarted", "p started"], steps.Skip(2));
    }

    [Fact]
    public async Task An_actor_stops_after_its_children()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var parent = test.System.ActorOf(Recorder.Props(probe, "p"));
        await probe.Expect("p constructed", "p started");
        var child = await parent.Spawn(Recorder.Props(probe, "c"), "child");
        await probe.Expect("c constructed", "c started");
        await child.Spawn(Recorder.Props(probe, "g"), "grandchild");
        await probe.Expect("g constructed", "g started");
        parent.Tell("stop");
        await probe.Expect("g stopped", "c stopped", "p stopped");
    }

    [Fact]
    public async Task Stop_lets_the_current_message_finish_and_skips_the_queued_ones()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.Run((context, message) =>
        {
            context.Stop(context.Self);
            target.Tell(message);
        });
        actor.Tell("current");
        actor.Tell("queued");
        await probe.Watch(actor);
        await probe.Expect("current");
        await probe.Next<Terminated>();
    }

    [Fact]
    public async Task Kill_makes_the_actor_fail_and_the_default_strategy_stops_it()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.System.ActorOf(Recorder.Props(probe, "a"));
        await probe.Watch(actor);
        actor.Tell(Kill.Instance);
        await probe.Expect("a constructed", "a started", "a stopped");
        await probe.Next<Terminated>();
    }

    [Fact]
    public async Task An_actor_whose_constructor_throws_is_stopped()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.System.ActorOf(Props.Create(() => new FailsToConstruct()));
        await probe.Watch(actor);
        Assert.Equal(actor, (await probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task The_supervisor_sees_a_throwing_constructor_as_an_initialization_failure_with_its_cause()
    {
        await using var test = new TestSystem();
        var failure = new TaskCompletionSource<Exception>();
        var probe = test.CreateProbe();
        var strategy = new OneForOneStrategy(cause =>
        {
            failure.TrySetResult(cause);
            return Directive.Stop;
        });
        var parent = test.System.ActorOf(Recorder.Props(probe, "p", strategy));
        await parent.Spawn(Props.Create(() => new FailsToConstruct()), "child");
        var seen = Assert.IsType<ActorInitializationException>(await failure.Task.InTime());
        Assert.Equal("child", seen.Actor.Path.Name);
        Assert.Contains(nameof(Boom), seen.ToString(), StringComparison.Ordinal);
        var thrown = Assert.IsType<TargetInvocationException>(Assert.IsType<TypeLoadException>(seen.InnerException).InnerException);
        Assert.IsType<Boom>(thrown.InnerException);
    }

    [Fact]
    public async Task A_constructor_that_is_not_public_makes_no_actor()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.System.ActorOf(Props.Create<Hidden>());
        await probe.Watch(actor);
        Assert.Equal(actor, (await probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task An_actor_whose_start_throws_is_stopped()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.System.ActorOf(Props.Create(() => new FailsToStart()));
        await probe.Watch(actor);
        Assert.Equal(actor, (await probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task A_disposable_actor_is_disposed_with_its_instance()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new Disposed(target)));
        actor.Tell("fail");
        await probe.Expect("disposed");
        actor.Tell(PoisonPill.Instance);
        await probe.Expect("disposed");
    }

    [Fact]
    public async Task A_failing_hook_of_an_ending_instance_does_not_keep_the_actor_from_restarting_or_stopping()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new FailsToEnd(target)));
        await probe.Watch(actor);
        actor.Tell("fail");
        actor.Tell("still here");
        await probe.Expect("still here");
        actor.Tell(PoisonPill.Instance);
        await probe.Next<Terminated>();
    }

    [Fact]
    public async Task Context_is_only_there_on_the_actors_turn()
    {
        await using var test = new TestSystem();
        Assert.Throws<ActorInitializationException>(() => new FailsToStart());
        var outside = new TaskCompletionSource<Exception?>();
        var actor = test.System.ActorOf(Props.Create(() => new LeavesItsTurn(outside)));
        actor.Tell("go");
        Assert.IsType<NotSupportedException>(await outside.Task.InTime());
    }

    private sealed class Hidden : UntypedActor
    {
        private Hidden()
        {
        }

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class FailsToConstruct : UntypedActor
    {
        public FailsToConstruct() => throw new Boom("constructor");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class FailsToStart : UntypedActor
    {
        protected override void PreStart() => throw new Boom("start");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Disposed(IActorRef to) : UntypedActor, IDisposable
    {
        public void Dispose() => to.Tell("disposed");

        protected override void OnReceive(object message) => throw new Boom("x");
    }

    private sealed class FailsToEnd(IActorRef to) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "fail") throw new Boom("x");
            to.Tell(message);
        }

        protected override void PostStop() => throw new Boom("end");
    }

    private sealed class LeavesItsTurn(TaskCompletionSource<Exception?> outside) : UntypedActor
    {
        protected override void OnReceive(object message) =>
            ThreadPool.QueueUserWorkItem(_ => outside.SetResult(Record.Exception(() => Self.Path)));
    }
}
