using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class MailboxTests
{
    [Theory]
    [InlineData("No.Such.Type", typeof(ConfigurationException))]
    [InlineData("System.String", typeof(ArgumentException))]
    public async Task A_mailbox_that_cannot_be_made_is_a_fault_of_the_configuration(string type, Type cause)
    {
        await using var test = new TestSystem($$"""odd { mailbox-type = "{{type}}" }""");
        var refused = Assert.Throws<ConfigurationException>(
            () => test.System.ActorOf(Acting.Props((_, _) => { }).WithMailbox("odd")));
        Assert.IsType(cause, refused.InnerException);
    }

    [Fact]
    public async Task A_full_bounded_mailbox_makes_the_sender_wait_and_then_drops_the_message_as_a_dead_letter()
    {
        await using var test = new TestSystem("""
            small {
              mailbox-type = "Akka.Dispatch.BoundedMailbox"
              mailbox-capacity = 2
              mailbox-push-timeout-time = 100ms
            }
            """);
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        using var gate = new ManualResetEventSlim();
        using var busy = new ManualResetEventSlim();
        var handled = test.CreateProbe();
        var target = handled.Ref;
        var actor = test.System.ActorOf(Acting.Props((_, message) =>
        {
            busy.Set();
            gate.Wait(Probe.Patience);
            target.Tell(message);
        }).WithMailbox("small"));
        actor.Tell(0);
        Assert.True(busy.Wait(Probe.Patience, TestContext.Current.CancellationToken));
        actor.Tell(1);
        actor.Tell(2);
        var waited = System.Diagnostics.Stopwatch.StartNew();
        actor.Tell(3);
        Assert.True(waited.ElapsedMilliseconds >= 90, $"the sender waited {waited.ElapsedMilliseconds} ms");
        Assert.Equal(3, (await letters.Next<DeadLetter>()).Message);
        gate.Set();
        await handled.Expect(0, 1, 2);
    }

    [Fact]
    public async Task A_sender_to_a_full_mailbox_goes_on_as_soon_as_there_is_room()
    {
        await using var test = new TestSystem("""
            small {
              mailbox-type = "Akka.Dispatch.BoundedMailbox"
              mailbox-capacity = 10
              mailbox-push-timeout-time = 20s
            }
            """);
        var sum = 0;
        var done = new TaskCompletionSource();
        var actor = test.System.ActorOf(Acting.Props((_, _) =>
        {
            if (++sum == 10_000) done.SetResult();
        }).WithMailbox("small"));
        for (var i = 0; i < 10_000; i++) actor.Tell(i);
        await done.Task.InTime();
    }

    [Fact]
    public async Task A_mailbox_that_is_not_configured_is_refused()
    {
        await using var test = new TestSystem();
        Assert.Throws<Akka.Configuration.ConfigurationException>(
            () => test.System.ActorOf(Acting.Props((_, _) => { }).WithMailbox("not.there")));
        Assert.Throws<Akka.Configuration.ConfigurationException>(
            () => test.System.ActorOf(Acting.Props((_, _) => { }).WithDispatcher("not.there")));
    }

    [Fact]
    public async Task System_messages_overtake_user_messages()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        using var gate = new ManualResetEventSlim();
        using var busy = new ManualResetEventSlim();
        var actor = test.Run((_, message) =>
        {
            busy.Set();
            gate.Wait(Probe.Patience);
        });
        await probe.Watch(actor);
        for (var i = 0; i < 100; i++) actor.Tell(i);
        Assert.True(busy.Wait(Probe.Patience, TestContext.Current.CancellationToken));
        ((IInternalActorRef)actor).Stop();
        gate.Set();
        await probe.Next<Terminated>();
        for (var i = 1; i < 100; i++) Assert.Equal(i, (await letters.Next<DeadLetter>()).Message);
    }

    [Fact]
    public async Task An_actor_yields_its_thread_after_its_throughput()
    {
        await using var test = new TestSystem("""
            narrow {
              type = ForkJoinDispatcher
              dedicated-thread-pool.thread-count = 1
              throughput = 3
            }
            """);
        var probe = test.CreateProbe();
        var target = probe.Ref;
        using var gate = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var holder = test.System.ActorOf(Acting.Props((_, _) =>
        {
            held.Set();
            gate.Wait(Probe.Patience);
        }).WithDispatcher("narrow"));
        var first = test.System.ActorOf(Acting.Props((_, message) => target.Tell("1")).WithDispatcher("narrow"));
        var second = test.System.ActorOf(Acting.Props((_, message) => target.Tell("2")).WithDispatcher("narrow"));
        await first.AskFor<ActorIdentity>(new Identify(1));
        await second.AskFor<ActorIdentity>(new Identify(1));
        holder.Tell("hold");
        Assert.True(held.Wait(Probe.Patience, TestContext.Current.CancellationToken));
        for (var i = 0; i < 6; i++) first.Tell(i);
        for (var i = 0; i < 6; i++) second.Tell(i);
        gate.Set();
        var order = new List<string>();
        for (var i = 0; i < 12; i++) order.Add(await probe.Next<string>());
        // The real runtime goes one message further than its throughput.
        var turns = string.Join("", order);
        Assert.Matches("^1{3,4}2{3,4}1{2,3}2{2,3}$", turns);
    }

    [Fact]
    public async Task An_actor_yields_its_thread_at_the_throughput_deadline()
    {
        await using var test = new TestSystem("""
            narrow {
              type = ForkJoinDispatcher
              dedicated-thread-pool.thread-count = 1
              throughput = 1000000
              throughput-deadline-time = 50ms
            }
            """);
        var stop = new TaskCompletionSource();
        var rounds = 0;
        var hog = test.System.ActorOf(Acting.Props((context, message) =>
        {
            if (stop.Task.IsCompleted || rounds++ > 1_000_000) return;
            new SpinWait().SpinOnce(-1);
            context.Self.Tell(message);
        }).WithDispatcher("narrow"));
        var other = test.System.ActorOf(Acting.Props((_, _) => stop.TrySetResult()).WithDispatcher("narrow"));
        hog.Tell("spin");
        other.Tell("turn");
        await stop.Task.InTime();
    }

    [Fact]
    public async Task A_pinned_dispatcher_gives_an_actor_a_thread_of_its_own()
    {
        await using var test = new TestSystem("""
            pinned {
              type = PinnedDispatcher
              executor = fork-join-executor
            }
            """);
        async Task<int[]> Threads(IActorRef actor)
        {
            var seen = new List<int>();
            for (var i = 0; i < 20; i++) seen.Add(await actor.AskFor<int>("thread"));
            return [.. seen.Distinct()];
        }

        var props = Acting.Props((context, _) => context.Sender.Tell(Environment.CurrentManagedThreadId)).WithDispatcher("pinned");
        var one = Assert.Single(await Threads(test.System.ActorOf(props)));
        var two = Assert.Single(await Threads(test.System.ActorOf(props)));
        Assert.NotEqual(one, two);
    }

    [Fact]
    public async Task A_mailbox_is_chosen_by_what_the_actor_type_requires()
    {
        await using var test = new TestSystem("""
            akka.actor.mailbox.bounded-queue-based {
              mailbox-capacity = 1
              mailbox-push-timeout-time = 10ms
            }
            """);
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        using var gate = new ManualResetEventSlim();
        var actor = test.System.ActorOf(Props.Create(() => new Requiring(gate)));
        for (var i = 0; i < 5; i++) actor.Tell(i);
        await letters.Next<DeadLetter>();
        gate.Set();
    }

    private sealed class Requiring(ManualResetEventSlim gate)
        : UntypedActor, Akka.Dispatch.IRequiresMessageQueue<Akka.Dispatch.IBoundedMessageQueueSemantics>
    {
        protected override void OnReceive(object message) => gate.Wait(Probe.Patience);
    }
}
