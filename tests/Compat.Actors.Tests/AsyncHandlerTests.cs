using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class AsyncHandlerTests
{
    [Fact]
    public async Task The_next_message_waits_for_the_end_of_an_asynchronous_handler()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = test.System.ActorOf(Props.Create(() => new Waits(target, gate.Task)));
        actor.Tell("1");
        actor.Tell("2");
        await probe.Expect("begin 1");
        Assert.False(probe.TryNext(out _));
        gate.SetResult();
        await probe.Expect("end 1", "begin 2", "end 2");
    }

    [Fact]
    public async Task Self_sender_and_context_are_the_same_after_an_await()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new LooksAround()), "around");
        Assert.Equal("akka://test/user/around", await actor.AskFor<string>("x"));
    }

    [Fact]
    public async Task A_failing_asynchronous_handler_is_a_failure_of_the_actor()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new FailsLater(target)));
        actor.Tell("fail");
        actor.Tell("next");
        await probe.Expect("restarting after x on fail", "next");
    }

    [Fact]
    public async Task An_actor_can_be_stopped_in_the_middle_of_an_asynchronous_handler()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var never = new TaskCompletionSource();
        var actor = test.System.ActorOf(Props.Create(() => new Waits(target, never.Task)));
        await probe.Watch(actor);
        actor.Tell("1");
        await probe.Expect("begin 1");
        test.System.Stop(actor);
        await probe.Next<Terminated>();
    }

    [Fact]
    public async Task An_untyped_actor_can_run_a_task_as_part_of_its_turn()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new RunsTask()));
        Assert.Equal("done", await actor.AskFor<string>("x"));
    }

    [Fact]
    public async Task Every_part_of_an_asynchronous_handler_is_a_turn_of_its_own_actor()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new CountsUnguarded()));
        for (var i = 0; i < 200; i++) actor.Tell("count");
        Assert.Equal(200 * 10, await actor.AskFor<int>("total"));
    }

    [Fact]
    public async Task A_child_that_is_created_in_an_asynchronous_handler_runs_and_can_fail()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var childProps = Recorder.Props(probe, "c");
        var parent = test.System.ActorOf(Props.Create(() => new SpawnsLater(childProps, gate.Task)));
        var child = await parent.AskFor<IActorRef>("spawn");
        child.Tell("work");
        await probe.Expect("c constructed", "c started", "c work");
        child.Tell(new Fail("x"));
        child.Tell("after");
        Assert.False(probe.TryNext(out _));
        gate.SetResult();
        await probe.Expect("c restarting after x on x", "c stopped", "c constructed", "c restarted", "c started", "c after");
    }

    private sealed class SpawnsLater : ReceiveActor
    {
        public SpawnsLater(Props child, Task gate)
        {
            ReceiveAsync<string>(async _ =>
            {
                await Task.Yield();
                Sender.Tell(Context.ActorOf(child));
                await gate;
            });
        }
    }

    private sealed class Waits : ReceiveActor
    {
        public Waits(IActorRef to, Task gate)
        {
            ReceiveAsync<string>(async text =>
            {
                to.Tell("begin " + text);
                await gate;
                to.Tell("end " + text);
            });
        }
    }

    private sealed class LooksAround : ReceiveActor
    {
        public LooksAround()
        {
            ReceiveAnyAsync(async _ =>
            {
                await Task.Yield();
                await Task.Delay(1);
                Sender.Tell(Context.Self.Equals(Self) ? Self.Path.ToString() : "other");
            });
        }
    }

    private sealed class FailsLater : ReceiveActor
    {
        private readonly IActorRef _to;

        public FailsLater(IActorRef to)
        {
            _to = to;
            ReceiveAsync<string>(
                async _ =>
                {
                    await Task.Yield();
                    throw new Boom("x");
                },
                text => text == "fail");
            Receive<string>(text => to.Tell(text));
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _to.Tell($"restarting after {reason.Message} on {message}");
            base.PreRestart(reason, message);
        }
    }

    private sealed class RunsTask : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var sender = Sender;
            RunTask(async () =>
            {
                await Task.Yield();
                sender.Tell("done");
            });
        }
    }

    private sealed class CountsUnguarded : ReceiveActor
    {
        private int _count;

        public CountsUnguarded()
        {
            ReceiveAsync<string>(
                async _ =>
                {
                    for (var i = 0; i < 10; i++)
                    {
                        var before = _count;
                        await Task.Yield();
                        _count = before + 1;
                    }
                },
                text => text == "count");
            Receive<string>(_ => Sender.Tell(_count));
        }
    }
}
