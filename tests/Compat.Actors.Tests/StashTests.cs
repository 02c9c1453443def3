using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class StashTests
{
    [Fact]
    public async Task Stashed_messages_come_back_in_their_order_before_everything_that_is_queued()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new Gate(target)));
        foreach (var message in new[] { "1", "2", "3", "open", "4" }) actor.Tell(message);
        await probe.Expect("1", "2", "3", "4");
    }

    [Fact]
    public async Task The_sender_of_a_stashed_message_is_kept()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new Gate(target)));
        var sender = test.CreateProbe();
        sender.Tell(actor, "1");
        actor.Tell("open");
        Assert.Equal(sender.Ref, (await probe.NextReceived()).Sender);
    }

    [Fact]
    public async Task Unstash_brings_one_message_back_the_oldest_first()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new Gate(target)));
        foreach (var message in new[] { "1", "2", "one", "count" }) actor.Tell(message);
        await probe.Expect("1", "count 1");
    }

    [Fact]
    public async Task A_restart_brings_stashed_messages_back()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new Gate(target)));
        foreach (var message in new[] { "1", "2", "fail", "open" }) actor.Tell(message);
        await probe.Expect("1", "2");
    }

    [Fact]
    public async Task A_stopped_actors_stash_becomes_dead_letters()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(Akka.Event.DeadLetter));
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new Gate(target)));
        foreach (var message in new object[] { "1", "2", PoisonPill.Instance }) actor.Tell(message);
        Assert.Equal("1", (await letters.Next<Akka.Event.DeadLetter>()).Message);
        Assert.Equal("2", (await letters.Next<Akka.Event.DeadLetter>()).Message);
    }

    [Fact]
    public async Task A_message_cannot_be_stashed_twice()
    {
        await using var test = new TestSystem();
        var failure = new TaskCompletionSource<Exception?>();
        var actor = test.System.ActorOf(Props.Create(() => new StashesTwice(failure)));
        actor.Tell("x");
        Assert.IsType<IllegalActorStateException>(await failure.Task.InTime());
    }

    [Fact]
    public async Task A_bounded_stash_overflows_and_an_unbounded_one_does_not()
    {
        await using var test = new TestSystem();
        var failure = new TaskCompletionSource<Exception?>();
        var bounded = test.System.ActorOf(Props.Create(() => new Fills(failure)).WithStashCapacity(2));
        for (var i = 0; i < 3; i++) bounded.Tell("x");
        Assert.IsType<StashOverflowException>(await failure.Task.InTime());
    }

    [Fact]
    public async Task A_stash_needs_a_mailbox_with_a_front()
    {
        await using var test = new TestSystem("""plain { mailbox-type = "Akka.Dispatch.UnboundedMailbox" }""");
        var target = test.CreateProbe().Ref;
        Assert.Throws<Akka.Configuration.ConfigurationException>(
            () => test.System.ActorOf(Props.Create(() => new Gate(target)).WithMailbox("plain")));
    }

    [Fact]
    public async Task A_stash_can_be_cleared_and_filled_from_outside_the_mailbox()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var actor = test.System.ActorOf(Props.Create(() => new Gate(target)));
        foreach (var message in new[] { "1", "2", "clear", "count", "prepend", "open" }) actor.Tell(message);
        await probe.Expect("count 0", "p1", "p2");
    }

    private sealed class Gate : UntypedActor, IWithUnboundedStash
    {
        private readonly IActorRef _to;

        public Gate(IActorRef to) => _to = to;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    Become(Open);
                    Stash.UnstashAll();
                    break;
                case "one":
                    BecomeStacked(Open);
                    Stash.Unstash();
                    break;
                case "fail":
                    throw new Boom("x");
                case "clear":
                    Stash.ClearStash();
                    break;
                case "prepend":
                    Stash.Prepend([new Envelope("p1", Self), new Envelope("p2", Self)]);
                    break;
                case "count":
                    _to.Tell($"count {Stash.Count}");
                    break;
                default:
                    Stash.Stash();
                    break;
            }
        }

        private void Open(object message)
        {
            if (message is "count") _to.Tell($"count {Stash.Count}");
            else _to.Forward(message);
        }
    }

    private sealed class StashesTwice(TaskCompletionSource<Exception?> failure) : UntypedActor, IWithUnboundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            Stash.Stash();
            failure.TrySetResult(Record.Exception(() => Stash.Stash()));
        }
    }

    private sealed class Fills(TaskCompletionSource<Exception?> failure) : UntypedActor, IWithStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            var overflow = Record.Exception(() => Stash.Stash());
            if (overflow is not null) failure.TrySetResult(overflow);
        }
    }
}
