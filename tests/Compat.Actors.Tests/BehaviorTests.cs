using Akka.Actor;
using Akka.Event;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class BehaviorTests
{
    [Fact]
    public async Task The_first_handler_whose_type_and_predicate_fit_takes_the_message()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new Sorter()));
        Assert.Equal("small 3", await actor.AskFor<string>(3));
        Assert.Equal("number 30", await actor.AskFor<string>(30));
        Assert.Equal("odd 31", await actor.AskFor<string>(31L));
        Assert.Equal("declined 32", await actor.AskFor<string>(32L));
        Assert.Equal("by type 1.5", await actor.AskFor<string>(1.5));
        Assert.Equal("any c", await actor.AskFor<string>('c'));
    }

    [Fact]
    public async Task A_message_that_no_handler_takes_is_published_as_unhandled()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        test.System.EventStream.Subscribe(probe.Ref, typeof(UnhandledMessage));
        var actor = test.System.ActorOf(Props.Create(() => new Stacker()));
        actor.Tell(1.5, probe.Ref);
        var unhandled = await probe.Next<UnhandledMessage>();
        Assert.Equal(1.5, unhandled.Message);
        Assert.Equal(actor, unhandled.Recipient);
        Assert.Equal(probe.Ref, unhandled.Sender);
    }

    [Fact]
    public async Task Become_replaces_the_behavior()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new Stacker()));
        Assert.Equal("base a", await actor.AskFor<string>("a"));
        actor.Tell("become");
        Assert.Equal("other a", await actor.AskFor<string>("a"));
    }

    [Fact]
    public async Task The_first_behavior_stays_below_every_replacement()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new Stacker()));
        actor.Tell("become");
        actor.Tell("become");
        actor.Tell("unbecome");
        Assert.Equal("base a", await actor.AskFor<string>("a"));
        actor.Tell("unbecome");
        Assert.Equal("base unbecome", await actor.AskFor<string>("unbecome"));
    }

    [Fact]
    public async Task A_stacked_behavior_uncovers_the_one_below()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new Stacker()));
        actor.Tell("stack");
        Assert.Equal("other a", await actor.AskFor<string>("a"));
        actor.Tell("unbecome");
        Assert.Equal("base a", await actor.AskFor<string>("a"));
    }

    [Fact]
    public async Task A_restart_brings_the_first_behavior_back()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new Stacker()));
        actor.Tell("become");
        actor.Tell("fail");
        Assert.Equal("base a", await actor.AskFor<string>("a"));
    }

    [Fact]
    public async Task Untyped_behaviors_can_be_replaced_too()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new UntypedStacker()));
        Assert.Equal("base", await actor.AskFor<string>("a"));
        actor.Tell("become");
        Assert.Equal("other", await actor.AskFor<string>("a"));
    }

    [Fact]
    public async Task Handlers_are_stated_in_the_constructor_or_in_become_only()
    {
        await using var test = new TestSystem();
        var failure = new TaskCompletionSource<Exception?>();
        var actor = test.System.ActorOf(Props.Create(() => new LateHandler(failure)));
        actor.Tell("x");
        Assert.IsType<InvalidOperationException>(await failure.Task.InTime());
    }

    [Fact]
    public async Task No_handler_can_follow_one_that_takes_everything()
    {
        await using var test = new TestSystem();
        var failure = new TaskCompletionSource<Exception?>();
        test.System.ActorOf(Props.Create(() => new AfterAny(failure)));
        Assert.IsType<InvalidOperationException>(await failure.Task.InTime());
    }

    private sealed class Sorter : ReceiveActor
    {
        public Sorter()
        {
            Receive<int>(number => number < 10, number => Sender.Tell($"small {number}"));
            Receive<int>(number => Sender.Tell($"number {number}"));
            Receive<long>(number =>
            {
                if (number % 2 == 0) return false;
                Sender.Tell($"odd {number}");
                return true;
            });
            Receive<long>(number => Sender.Tell($"declined {number}"));
            Receive(typeof(double), number => Sender.Tell(FormattableString.Invariant($"by type {number}")));
            ReceiveAny(message => Sender.Tell($"any {message}"));
        }
    }

    private sealed class Stacker : ReceiveActor
    {
        public Stacker()
        {
            Receive<string>(text => text == "become", _ => Become(Other));
            Receive<string>(text => text == "stack", _ => BecomeStacked(Other));
            Receive<string>(text => Sender.Tell("base " + text));
        }

        private void Other()
        {
            Receive<string>(text => text == "become", _ => Become(Other));
            Receive<string>(text => text == "unbecome", _ => UnbecomeStacked());
            Receive<string>(text => text == "fail", _ => throw new Boom("x"));
            Receive<string>(text => Sender.Tell("other " + text));
        }
    }

    private sealed class UntypedStacker : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "become") Become(Other);
            else Sender.Tell("base");
        }

        private void Other(object message) => Sender.Tell("other");
    }

    private sealed class LateHandler : ReceiveActor
    {
        public LateHandler(TaskCompletionSource<Exception?> failure) =>
            Receive<string>(_ => failure.SetResult(Record.Exception(() => Receive<int>(_ => { }))));
    }

    private sealed class AfterAny : ReceiveActor
    {
        public AfterAny(TaskCompletionSource<Exception?> failure)
        {
            ReceiveAny(_ => { });
            failure.SetResult(Record.Exception(() => Receive<int>(_ => { })));
        }
    }
}
