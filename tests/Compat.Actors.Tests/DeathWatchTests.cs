using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class DeathWatchTests
{
    [Fact]
    public async Task A_watcher_is_told_of_the_end()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.Run((_, _) => { });
        await probe.Watch(actor);
        test.System.Stop(actor);
        var received = await probe.NextReceived();
        var terminated = Assert.IsType<Terminated>(received.Message);
        Assert.Equal(actor, terminated.ActorRef);
        Assert.True(terminated.ExistenceConfirmed);
        Assert.Equal(actor, received.Sender);
    }

    [Fact]
    public async Task Watching_an_actor_that_is_gone_is_answered_at_once()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.Run((_, _) => { });
        Assert.True(await actor.GracefulStop(Probe.Patience));
        await probe.Watch(actor);
        var terminated = await probe.Next<Terminated>();
        Assert.Equal(actor, terminated.ActorRef);
        Assert.False(terminated.ExistenceConfirmed);
    }

    [Fact]
    public async Task Watching_twice_tells_once()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.Run((_, _) => { });
        await probe.Watch(actor);
        await probe.Watch(actor);
        test.System.Stop(actor);
        await probe.Next<Terminated>();
        probe.Ref.Tell("fence");
        await probe.Expect("fence");
    }

    [Fact]
    public async Task Unwatch_keeps_even_a_notice_that_is_queued_from_arriving()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.Run((_, _) => { });
        using var stopped = new ManualResetEventSlim();
        var watching = new TaskCompletionSource();
        var watcher = test.Run((context, message) =>
        {
            switch (message)
            {
                case "watch":
                    context.Watch(actor);
                    watching.SetResult();
                    stopped.Wait(Probe.Patience);
                    break;
                case "unwatch":
                    context.Unwatch(actor);
                    break;
                default:
                    target.Tell(message);
                    break;
            }
        });
        watcher.Tell("watch");
        await watching.Task.InTime();
        watcher.Tell("unwatch");
        Assert.True(await actor.GracefulStop(Probe.Patience));
        stopped.Set();
        watcher.Tell("fence");
        await probe.Expect("fence");
    }

    [Fact]
    public async Task To_unwatch_null_is_an_error()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.Run((context, _) => probe.Ref.Tell(Assert.Throws<ArgumentNullException>(() => context.Unwatch(null!)).ParamName!));
        actor.Tell("unwatch");
        await probe.Expect("subject");
    }

    [Fact]
    public async Task A_watch_with_a_message_delivers_that_message()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.Run((_, _) => { });
        var watcher = test.Run((context, message) =>
        {
            if (message is "watch") context.WatchWith(actor, "it is gone");
            target.Tell(message);
        });
        watcher.Tell("watch");
        await probe.Expect("watch");
        test.System.Stop(actor);
        await probe.Expect("it is gone");
    }

    [Fact]
    public async Task The_first_watch_decides_the_message()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.Run((_, _) => { });
        var watcher = test.Run((context, message) =>
        {
            if (message is not "watch")
            {
                target.Tell(message);
                return;
            }

            context.WatchWith(actor, "first");
            context.WatchWith(actor, "second");
            context.Watch(actor);
        });
        watcher.Tell("watch");
        watcher.Tell("watching");
        await probe.Expect("watching");
        test.System.Stop(actor);
        await probe.Expect("first");
    }

    [Fact]
    public async Task A_watcher_that_does_not_handle_the_notice_fails_with_it()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.Run((_, _) => { });
        var watcher = test.System.ActorOf(Props.Create(() => new Dependent(actor)));
        await probe.Watch(watcher);
        await watcher.AskFor<string>("ready");
        test.System.Stop(actor);
        Assert.Equal(watcher, (await probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task A_parent_that_watches_its_child_gets_the_notice_after_the_name_is_free()
    {
        await using var test = new TestSystem();
        var outcome = new TaskCompletionSource<string>();
        var parent = test.Run((context, message) =>
        {
            if (message is "go")
            {
                context.Stop(context.Watch(context.ActorOf(Acting.Props((_, _) => { }), "child")));
            }
            else if (message is Terminated)
            {
                outcome.SetResult(context.Child("child").IsNobody() ? "free" : "taken");
            }
        });
        parent.Tell("go");
        Assert.Equal("free", await outcome.Task.InTime());
    }

    [Fact]
    public async Task A_restart_is_no_end()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var watcher = test.CreateProbe();
        var actor = test.System.ActorOf(Recorder.Props(probe, "a"));
        await watcher.Watch(actor);
        actor.Tell(new Fail("x"));
        actor.Tell("after");
        await probe.Expect(
            "a constructed", "a started", "a restarting after x on x", "a stopped", "a constructed", "a restarted", "a started", "a after");
        watcher.Ref.Tell("fence");
        await watcher.Expect("fence");
    }

    [Fact]
    public async Task A_watch_survives_the_restart_of_the_watcher()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.Run((_, _) => { });
        var watcher = test.Run((context, message) =>
        {
            if (message is "watch") context.Watch(actor);
            if (message is "fail") throw new Boom("x");
            target.Tell(message is Terminated ? "terminated" : message);
        });
        watcher.Tell("watch");
        watcher.Tell("fail");
        watcher.Tell("restarted");
        await probe.Expect("watch", "restarted");
        test.System.Stop(actor);
        await probe.Expect("terminated");
    }

    [Fact]
    public async Task The_end_of_an_actor_can_be_awaited()
    {
        await using var test = new TestSystem();
        var actor = test.Run((_, _) => { });
        var ended = actor.WatchAsync(TestContext.Current.CancellationToken);
        Assert.False(ended.IsCompleted);
        test.System.Stop(actor);
        Assert.True(await ended.InTime());
    }

    private sealed class Dependent : UntypedActor
    {
        public Dependent(IActorRef on) => Context.Watch(on);

        protected override void OnReceive(object message)
        {
            if (message is "ready") Sender.Tell("yes");
            else Unhandled(message);
        }
    }
}
