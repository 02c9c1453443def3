using Akka.Actor;
using Akka.Event;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class TellTests
{
    [Fact]
    public async Task Messages_of_one_sender_arrive_in_the_order_sent()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        for (var i = 0; i < 10_000; i++) probe.Ref.Tell(i);
        for (var i = 0; i < 10_000; i++) Assert.Equal(i, await probe.Next<int>());
    }

    [Fact]
    public async Task Messages_of_many_senders_all_arrive_and_each_senders_order_is_kept()
    {
        await using var test = new TestSystem();
        const int Senders = 8;
        const int Each = 20_000;
        var seen = new int[Senders];
        var done = new TaskCompletionSource();
        var left = Senders * Each;
        var receiver = test.Run((_, message) =>
        {
            var (sender, number) = ((int, int))message;
            if (seen[sender] != number) done.TrySetException(new InvalidOperationException($"{sender} sent {number} after {seen[sender] - 1}"));
            seen[sender]++;
            if (--left == 0) done.TrySetResult();
        });
        Parallel.For(0, Senders, new ParallelOptions { MaxDegreeOfParallelism = Senders }, sender =>
        {
            for (var i = 0; i < Each; i++) receiver.Tell((sender, i));
        });
        await done.Task.InTime();
        Assert.All(seen, count => Assert.Equal(Each, count));
    }

    [Fact]
    public async Task Null_is_no_message()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        probe.Ref.Tell("first");
        await probe.Next<string>();
        Assert.Throws<ArgumentNullException>(() => probe.Ref.Tell(null));
        probe.Ref.Tell("next");
        Assert.Equal("next", await probe.Next<string>());
    }

    [Fact]
    public async Task The_receiver_sees_the_sender_and_answers_it()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var echo = test.Run((context, message) => context.Sender.Tell("re: " + message, context.Self));
        probe.Tell(echo, "hello");
        var received = await probe.NextReceived();
        Assert.Equal("re: hello", received.Message);
        Assert.Equal(echo, received.Sender);
    }

    [Fact]
    public async Task A_message_from_nowhere_has_dead_letters_as_its_sender()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        probe.Ref.Tell("anonymous", ActorRefs.NoSender);
        Assert.Equal(test.System.DeadLetters, (await probe.NextReceived()).Sender);
    }

    [Fact]
    public async Task Tell_inside_an_actor_sends_as_that_actor_and_forward_keeps_the_sender()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var relay = test.Run((_, message) =>
        {
            if (message is "tell") target.Tell(message);
            else target.Forward(message);
        });
        var origin = test.CreateProbe();
        origin.Tell(relay, "tell");
        origin.Tell(relay, "forward");
        Assert.Equal(relay, (await probe.NextReceived()).Sender);
        Assert.Equal(origin.Ref, (await probe.NextReceived()).Sender);
    }

    [Fact]
    public async Task A_message_to_a_stopped_actor_becomes_a_dead_letter()
    {
        await using var test = new TestSystem();
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var actor = test.Run((_, _) => { });
        Assert.True(await actor.GracefulStop(Probe.Patience));
        var sender = test.CreateProbe();
        sender.Tell(actor, "too late");
        var letter = await letters.Next<DeadLetter>();
        Assert.Equal("too late", letter.Message);
        Assert.Equal(sender.Ref, letter.Sender);
        Assert.Equal(actor, letter.Recipient);
    }

    [Fact]
    public async Task Messages_that_were_queued_when_the_actor_stopped_become_dead_letters()
    {
        await using var test = new TestSystem();
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        using var release = new ManualResetEventSlim();
        var actor = test.Run((context, message) =>
        {
            if (message is not "first") return;
            release.Wait(Probe.Patience, TestContext.Current.CancellationToken);
            context.Stop(context.Self);
        });
        actor.Tell("first");
        actor.Tell("second");
        actor.Tell("third");
        release.Set();
        Assert.Equal("second", (await letters.Next<DeadLetter>()).Message);
        Assert.Equal("third", (await letters.Next<DeadLetter>()).Message);
    }

    [Fact]
    public async Task No_message_is_lost_between_a_mailbox_that_closes_and_dead_letters()
    {
        await using var test = new TestSystem();
        const int Messages = 20_000;
        var handled = 0;
        var dead = 0;
        var all = new TaskCompletionSource();
        void Count(ref int counter)
        {
            Interlocked.Increment(ref counter);
            if (Volatile.Read(ref handled) + Volatile.Read(ref dead) == Messages) all.TrySetResult();
        }

        var letters = test.Run((_, message) =>
        {
            if (message is DeadLetter { Message: int }) Count(ref dead);
        });
        test.System.EventStream.Subscribe(letters, typeof(DeadLetter));
        for (var round = 0; round < 10; round++)
        {
            var actor = test.Run((_, message) =>
            {
                if (message is int) Count(ref handled);
            });
            for (var i = 0; i < Messages / 10; i++)
            {
                if (i == Messages / 20) test.System.Stop(actor);
                actor.Tell(i);
            }
        }

        await all.Task.InTime();
    }
}
