using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>What becomes of an actor whose replacement fails while it is made or told that it is one.</summary>
public sealed class RestartFailureTests
{
    [Fact]
    public async Task An_instance_whose_replacement_cannot_be_constructed_is_told_again_and_then_replaced()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var child = await Start(test, probe, "2 constructed", _ => Directive.Restart);
        child.Tell(new Fail("x"));
        child.Tell("next");
        await probe.Expect("supervisor saw Boom");
        await probe.Expect(
            "1 restarting after Boom", "1 stopped", "2 constructed", "supervisor saw PostRestartException",
            "1 restarting after PostRestartException", "3 constructed", "3 restarted after PostRestartException", "3 started", "next to 3");
    }

    [Fact]
    public async Task A_replacement_whose_hook_fails_is_told_of_its_own_restart()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var child = await Start(test, probe, "2 restarted after Boom", _ => Directive.Restart);
        child.Tell(new Fail("x"));
        child.Tell("next");
        await probe.Expect("supervisor saw Boom");
        await probe.Expect(
            "1 restarting after Boom", "1 stopped", "2 constructed", "2 restarted after Boom", "supervisor saw PostRestartException",
            "2 restarting after PostRestartException", "3 constructed", "3 restarted after PostRestartException", "3 started", "next to 3");
    }

    [Fact]
    public async Task A_replacement_that_cannot_start_has_failed_after_its_restart()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var child = await Start(test, probe, "2 started", _ => Directive.Restart);
        child.Tell(new Fail("x"));
        await probe.Expect("supervisor saw Boom");
        await probe.Expect(
            "1 restarting after Boom", "1 stopped", "2 constructed", "2 restarted after Boom", "2 started", "supervisor saw PostRestartException",
            "2 restarting after PostRestartException", "3 constructed", "3 restarted after PostRestartException", "3 started");
    }

    [Theory]
    [InlineData("2 constructed", "1 stopped")]
    [InlineData("2 restarted after Boom", "2 stopped")]
    public async Task An_actor_that_is_stopped_for_a_failed_restart_ends_with_the_hook_of_the_instance_it_still_has(string failing, string last)
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var child = await Start(test, probe, failing, cause => cause is Boom ? Directive.Restart : Directive.Stop);
        await probe.Watch(child);
        child.Tell(new Fail("x"));
        await probe.Expect("supervisor saw Boom", "1 restarting after Boom", "1 stopped", "2 constructed");
        if (failing != "2 constructed") await probe.Expect(failing);
        await probe.Expect("supervisor saw PostRestartException", last);
        Assert.Equal(child, (await probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task An_actor_that_is_resumed_after_a_failed_restart_fails_with_each_message()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var child = await Start(test, probe, "2 constructed", cause => cause is Boom ? Directive.Restart : Directive.Resume);
        child.Tell(new Fail("x"));
        child.Tell("unheard");
        await probe.Expect("supervisor saw Boom");
        await probe.Expect(
            "1 restarting after Boom", "1 stopped", "2 constructed", "supervisor saw PostRestartException", "supervisor saw NullReferenceException");
    }

    [Fact]
    public async Task The_failure_of_a_restart_holds_the_one_that_led_to_it_and_its_own()
    {
        await using var test = new TestSystem();
        var seen = new TaskCompletionSource<PostRestartException>();
        var probe = test.CreateProbe();
        var child = await Start(test, probe, "2 restarted after Boom", cause =>
        {
            if (cause is PostRestartException failure) seen.TrySetResult(failure);
            return Directive.Restart;
        });
        child.Tell(new Fail("x"));
        var failure = await seen.Task.InTime();
        Assert.Equal("x", failure.OriginalCause.Message);
        Assert.Equal("2 restarted after Boom", failure.InnerException!.Message);
        Assert.Equal($"Exception post restart ({typeof(Boom)})", failure.Message);
        Assert.Equal(child, failure.Actor);
    }

    /// <summary>A child that has been constructed and started, and throws at the given step.</summary>
    private static async Task<IActorRef> Start(TestSystem test, Probe probe, string failing, Func<Exception, Directive> decide)
    {
        var to = probe.Ref;
        var instances = new Instances();
        var strategy = new OneForOneStrategy(cause =>
        {
            to.Tell($"supervisor saw {cause.GetType().Name}");
            return decide(cause);
        });
        var parent = test.System.ActorOf(Recorder.Props(test.CreateProbe(), "p", strategy));
        var child = await parent.Spawn(Props.Create(() => new Child(to, instances, failing)), "child");
        await probe.Expect("1 constructed", "1 started");
        child.Tell("hello");
        await probe.Expect("hello to 1");
        return child;
    }

    private sealed class Instances
    {
        public int Count { get; set; }
    }

    private sealed class Child : UntypedActor
    {
        private readonly IActorRef _to;
        private readonly string _failing;
        private readonly int _number;

        public Child(IActorRef to, Instances instances, string failing)
        {
            _to = to;
            _failing = failing;
            _number = ++instances.Count;
            Step("constructed");
        }

        protected override void OnReceive(object message)
        {
            if (message is Fail fail) throw new Boom(fail.Reason);
            _to.Tell($"{message} to {_number}");
        }

        protected override void PreStart() => Step("started");

        protected override void PostStop() => Step("stopped");

        protected override void PreRestart(Exception reason, object message)
        {
            Step($"restarting after {reason.GetType().Name}");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            Step($"restarted after {reason.GetType().Name}");
            base.PostRestart(reason);
        }

        private void Step(string name)
        {
            var step = $"{_number} {name}";
            _to.Tell(step);
            if (step == _failing) throw new Boom(step);
        }
    }
}
