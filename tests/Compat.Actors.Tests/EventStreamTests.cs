using Akka.Actor;
using Akka.Event;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class EventStreamTests
{
    [Fact]
    public async Task A_subscriber_gets_events_of_the_type_and_of_types_derived_from_it()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        Assert.True(test.System.EventStream.Subscribe(probe.Ref, typeof(Animal)));
        test.System.EventStream.Publish(new Plant());
        test.System.EventStream.Publish(new Animal("a"));
        test.System.EventStream.Publish(new Dog("b"));
        await probe.Expect(new Animal("a"), new Dog("b"));
    }

    [Fact]
    public async Task A_second_subscription_for_the_same_events_changes_nothing()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        Assert.True(test.System.EventStream.Subscribe(probe.Ref, typeof(Animal)));
        Assert.False(test.System.EventStream.Subscribe(probe.Ref, typeof(Animal)));
        test.System.EventStream.Publish(new Dog("once"));
        test.System.EventStream.Publish(new Dog("fence"));
        await probe.Expect(new Dog("once"), new Dog("fence"));
    }

    [Fact]
    public async Task Subscriptions_to_a_type_and_to_one_derived_from_it_are_two_that_deliver_once()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        Assert.True(test.System.EventStream.Subscribe(probe.Ref, typeof(Animal)));
        Assert.True(test.System.EventStream.Subscribe(probe.Ref, typeof(Dog)));
        test.System.EventStream.Publish(new Dog("both"));
        Assert.True(test.System.EventStream.Unsubscribe(probe.Ref, typeof(Animal)));
        test.System.EventStream.Publish(new Animal("unheard"));
        test.System.EventStream.Publish(new Dog("one"));
        await probe.Expect(new Dog("both"), new Dog("one"));
    }

    [Fact]
    public async Task A_subscriber_to_a_type_can_leave_out_one_derived_from_it_and_come_back_to_it()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        test.System.EventStream.Subscribe(probe.Ref, typeof(Animal));
        test.System.EventStream.Publish(new Dog("first"));
        Assert.True(test.System.EventStream.Unsubscribe(probe.Ref, typeof(Dog)));
        test.System.EventStream.Publish(new Dog("unheard"));
        test.System.EventStream.Publish(new Animal("second"));
        Assert.True(test.System.EventStream.Subscribe(probe.Ref, typeof(Dog)));
        test.System.EventStream.Publish(new Dog("third"));
        await probe.Expect(new Dog("first"), new Animal("second"), new Dog("third"));
    }

    [Fact]
    public async Task A_type_that_somebody_subscribed_to_by_itself_is_not_left_out()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        test.System.EventStream.Subscribe(test.CreateProbe().Ref, typeof(Dog));
        test.System.EventStream.Subscribe(probe.Ref, typeof(Animal));
        Assert.False(test.System.EventStream.Unsubscribe(probe.Ref, typeof(Dog)));
        test.System.EventStream.Publish(new Dog("heard"));
        await probe.Expect(new Dog("heard"));
    }

    [Fact]
    public async Task A_subscription_needs_a_subscriber_and_a_type()
    {
        await using var test = new TestSystem();
        Assert.Throws<ArgumentNullException>(() => test.System.EventStream.Subscribe(null, typeof(Animal)));
        Assert.Throws<ArgumentNullException>(() => test.System.EventStream.Subscribe(test.CreateProbe().Ref, null));
        Assert.Throws<ArgumentNullException>(() => test.System.EventStream.Unsubscribe(test.CreateProbe().Ref, null));
    }

    [Fact]
    public async Task A_subscription_ends_with_unsubscribe()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        test.System.EventStream.Subscribe(probe.Ref, typeof(Animal));
        test.System.EventStream.Subscribe(probe.Ref, typeof(Plant));
        Assert.True(test.System.EventStream.Unsubscribe(probe.Ref, typeof(Animal)));
        test.System.EventStream.Publish(new Animal("unheard"));
        test.System.EventStream.Publish(new Plant());
        await probe.Next<Plant>();
        Assert.True(test.System.EventStream.Unsubscribe(probe.Ref));
        Assert.False(test.System.EventStream.Unsubscribe(probe.Ref));
        test.System.EventStream.Publish(new Plant());
        probe.Ref.Tell("fence");
        await probe.Expect("fence");
    }

    [Fact]
    public async Task A_subscription_ends_with_the_subscriber()
    {
        await using var test = new TestSystem();
        var letters = test.CreateProbe();
        var actor = test.Run((_, _) => { });
        test.System.EventStream.Subscribe(actor, typeof(Plant));
        Assert.True(await actor.GracefulStop(Probe.Patience));
        var deadline = Environment.TickCount64 + (long)Probe.Patience.TotalMilliseconds;
        while (test.System.EventStream.Unsubscribe(actor))
        {
            // The stream has not heard of the end yet: put the subscription back and let it hear.
            test.System.EventStream.Subscribe(actor, typeof(Plant));
            Assert.True(Environment.TickCount64 < deadline);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_suppressed_message_is_no_dead_letter()
    {
        await using var test = new TestSystem();
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(AllDeadLetters));
        var actor = test.Run((_, _) => { });
        Assert.True(await actor.GracefulStop(Probe.Patience));
        actor.Tell(PoisonPill.Instance);
        actor.Tell("fence");
        var first = await letters.Next<AllDeadLetters>();
        while (first is not DeadLetter { Message: "fence" })
        {
            Assert.IsType<SuppressedDeadLetter>(first);
            first = await letters.Next<AllDeadLetters>();
        }
    }

    [Fact]
    public async Task A_suppressed_message_to_a_selection_of_nobody_is_no_dead_letter()
    {
        await using var test = new TestSystem();
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(AllDeadLetters));
        test.System.ActorSelection("/user/nobody").Tell(PoisonPill.Instance);
        var suppressed = await letters.Next<SuppressedDeadLetter>();
        Assert.Equal($"DeadLetter from {test.System.DeadLetters} to [akka://test/user/nobody]: <<PoisonPill>>", suppressed.ToString());
    }

    [Fact]
    public async Task A_message_from_nobody_to_nobody_is_a_letter_from_dead_letters()
    {
        await using var test = new TestSystem();
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        test.System.ActorSelection("/user/nobody").Tell("lost", ActorRefs.Nobody);
        Assert.Equal(test.System.DeadLetters, (await letters.Next<DeadLetter>()).Sender);
        Assert.Throws<ArgumentNullException>(() => new DeadLetter("x", null, letters.Ref));
    }

    [Fact]
    public async Task Dead_letters_are_logged_up_to_the_configured_number()
    {
        await using var test = new TestSystem("""
            akka.loglevel = INFO
            akka.log-dead-letters = 2
            akka.loggers = []
            """);
        await test.System.ActorSelection("/system/deadLetterListener").ResolveOne(Probe.Patience, TestContext.Current.CancellationToken);
        var log = test.CreateProbe();
        var actor = test.Run((_, _) => { }, "gone");
        Assert.True(await actor.GracefulStop(Probe.Patience));
        test.System.EventStream.Subscribe(log.Ref, typeof(Info));
        for (var i = 0; i < 4; i++) actor.Tell("lost");
        var first = await log.Next<Info>();
        Assert.Contains("[1] dead letters encountered", first.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("String", first.Message.ToString(), StringComparison.Ordinal);
        Assert.Equal(actor.Path.ToString(), first.LogSource);
        Assert.Contains("no more dead letters will be logged", (await log.Next<Info>()).Message.ToString(), StringComparison.Ordinal);
        test.System.EventStream.Publish(new Info("fence", typeof(EventStreamTests), "fence"));
        Assert.Equal("fence", (await log.Next<Info>()).Message);
    }

    private record Animal(string Name);

    private sealed record Dog(string Name) : Animal(Name);

    private sealed class Plant;
}
