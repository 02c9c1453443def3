using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class SelectionTests
{
    [Fact]
    public async Task An_actor_is_found_by_its_path()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var parent = test.System.ActorOf(Recorder.Props(probe, "p"), "parent");
        var child = await parent.Spawn(Recorder.Props(probe, "c"), "child");
        Assert.Equal(child, await Resolve(test.System.ActorSelection("/user/parent/child")));
        Assert.Equal(child, await Resolve(test.System.ActorSelection("akka://test/user/parent/child")));
        Assert.Equal(child, await Resolve(test.System.ActorSelection(child.Path)));
        Assert.Equal(parent, await Resolve(test.System.ActorSelection("/user/parent/child/..")));
        Assert.Equal(child, await Resolve(test.System.ActorSelection(parent, "child")));
    }

    [Fact]
    public async Task A_selection_of_nobody_cannot_be_resolved_and_its_messages_become_dead_letters()
    {
        await using var test = new TestSystem();
        var letters = test.CreateProbe();
        test.System.EventStream.Subscribe(letters.Ref, typeof(Akka.Event.DeadLetter));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Resolve(test.System.ActorSelection("/user/nobody")));
        test.System.ActorSelection("/user/nobody").Tell("lost");
        Assert.Equal("lost", (await letters.Next<Akka.Event.DeadLetter>()).Message);
    }

    [Fact]
    public async Task A_pattern_reaches_every_matching_child()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        var parent = test.System.ActorOf(Recorder.Props(test.CreateProbe(), "p"), "parent");
        foreach (var name in new[] { "a1", "a2", "b1" })
            await parent.Spawn(Acting.Props((context, _) => target.Tell(context.Self.Path.Name)), name);
        test.System.ActorSelection("/user/parent/a*").Tell("x");
        Assert.Equal(["a1", "a2"], new[] { await probe.Next<string>(), await probe.Next<string>() }.Order());
        test.System.ActorSelection("/user/parent/?1").Tell("x");
        Assert.Equal(["a1", "b1"], new[] { await probe.Next<string>(), await probe.Next<string>() }.Order());
    }

    [Fact]
    public async Task A_pattern_does_not_tell_upper_from_lower_case()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        test.Run((context, _) => target.Tell(context.Self.Path.Name), "Mixed");
        test.System.ActorSelection("/user/mIX*").Tell("x");
        await probe.Expect("Mixed");
    }

    [Fact]
    public async Task Two_asterisks_at_the_end_reach_all_actors_below()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var parent = test.System.ActorOf(Recorder.Props(test.CreateProbe(), "p"), "parent");
        var child = await parent.Spawn(Recorder.Props(probe, "c"), "child");
        await probe.Expect("c constructed", "c started");
        await child.Spawn(Recorder.Props(probe, "g"), "grandchild");
        await probe.Expect("g constructed", "g started");
        test.System.ActorSelection("/user/parent/**").Tell("x");
        await probe.ExpectInAnyOrder("c x", "g x");
        Assert.Throws<IllegalActorNameException>(() => test.System.ActorSelection("/user/**/child"));
    }

    [Fact]
    public async Task Dead_letters_are_resolved_to_nobody()
    {
        await using var test = new TestSystem();
        Assert.Equal(ActorRefs.Nobody, await Resolve(test.System.ActorSelection("/deadLetters")));
    }

    [Fact]
    public async Task A_context_selects_relative_to_its_actor_and_finds_its_children_by_name()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var target = probe.Ref;
        test.Run((context, message) => target.Tell($"sibling got {message}"), "sibling");
        var actor = test.Run((context, message) =>
        {
            var child = context.ActorOf(Acting.Props((_, _) => { }), "child");
            target.Tell(context.Child("child").Equals(child) && context.Child("other").IsNobody());
            target.Tell(context.GetChildren().Single().Path.Name);
            target.Tell(context.Parent.Path.Name);
            context.ActorSelection("../sibling").Tell("hello");
        });
        actor.Tell("go");
        await probe.Expect(true, "child", "user", "sibling got hello");
    }

    [Fact]
    public async Task Every_actor_answers_identify()
    {
        await using var test = new TestSystem();
        var actor = test.Run((_, _) => { });
        var identity = await actor.AskFor<ActorIdentity>(new Identify("id"));
        Assert.Equal("id", identity.MessageId);
        Assert.Equal(actor, identity.Subject);
        Assert.True(await actor.GracefulStop(Probe.Patience));
        Assert.Null((await actor.AskFor<ActorIdentity>(new Identify("gone"))).Subject);
    }

    private static Task<IActorRef> Resolve(ActorSelection selection) =>
        selection.ResolveOne(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
}
