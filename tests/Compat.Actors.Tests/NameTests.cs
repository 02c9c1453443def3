using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class NameTests
{
    [Fact]
    public async Task A_path_reads_as_system_and_names_and_the_reference_adds_the_uid()
    {
        await using var test = new TestSystem("named", "");
        var probe = test.CreateProbe();
        var parent = test.System.ActorOf(Recorder.Props(probe, "p"), "parent");
        var child = await parent.Spawn(Recorder.Props(probe, "c"), "child");
        Assert.Equal("akka://named/user/parent/child", child.Path.ToString());
        Assert.Equal("/user/parent/child", child.Path.ToStringWithoutAddress());
        Assert.Equal($"[akka://named/user/parent/child#{child.Path.Uid}]", child.ToString());
        Assert.Equal("child", child.Path.Name);
        Assert.Equal(parent.Path, child.Path.Parent);
        Assert.Equal(["user", "parent", "child"], child.Path.Elements);
        Assert.Equal("akka://named", child.Path.Address.ToString());
        Assert.Equal("akka://named/", child.Path.Root.ToString());
        Assert.Equal(child.Path, test.System.ActorOf(Recorder.Props(probe, "q"), "q").Path.Parent / "parent" / "child");
    }

    [Fact]
    public async Task A_path_that_was_written_can_be_read()
    {
        await using var test = new TestSystem();
        var actor = test.Run((_, _) => { }, "readable");
        Assert.True(ActorPath.TryParse(actor.Path.ToStringWithUid(), out var parsed));
        Assert.Equal(actor.Path, parsed);
        Assert.Equal(actor.Path.Uid, parsed.Uid);
        Assert.Equal("readable", parsed.Name);
        Assert.False(ActorPath.TryParse("no path", out _));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        await using var test = new TestSystem();
        test.Run((_, _) => { }, "once");
        var refused = Assert.Throws<InvalidActorNameException>(() => test.Run((_, _) => { }, "once"));
        Assert.Equal("Actor name \"once\" is not unique!", refused.Message);
    }

    [Fact]
    public async Task A_name_is_free_again_when_the_actor_has_stopped_and_the_new_actor_is_another_one()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var first = test.Run((_, _) => { }, "again");
        await probe.Watch(first);
        test.System.Stop(first);
        await probe.Next<Terminated>();
        var second = test.Run((context, message) => context.Sender.Tell(message), "again");
        Assert.Equal(first.Path, second.Path);
        Assert.NotEqual(first, second);
        Assert.NotEqual(first.Path.Uid, second.Path.Uid);
        probe.Tell(first, "old");
        probe.Tell(second, "new");
        await probe.Expect("new");
    }

    [Fact]
    public async Task A_name_stays_taken_while_the_actor_stops()
    {
        await using var test = new TestSystem();
        using var release = new ManualResetEventSlim();
        var stopping = new TaskCompletionSource();
        var actor = test.System.ActorOf(Props.Create(() => new SlowToStop(stopping, release)), "slow");
        test.System.Stop(actor);
        await stopping.Task.InTime();
        try
        {
            Assert.Throws<InvalidActorNameException>(() => test.Run((_, _) => { }, "slow"));
        }
        finally
        {
            release.Set();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("$dollar")]
    [InlineData("with/slash")]
    [InlineData("with space")]
    [InlineData("ümlaut")]
    [InlineData("bad%2")]
    public async Task A_name_with_forbidden_characters_is_refused(string name)
    {
        await using var test = new TestSystem();
        Assert.Throws<InvalidActorNameException>(() => test.Run((_, _) => { }, name));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with-_.*$+:@&=,!~';()")]
    [InlineData("percent%20escape")]
    public async Task A_name_with_allowed_characters_is_taken(string name)
    {
        await using var test = new TestSystem();
        Assert.Equal(name, test.Run((_, _) => { }, name).Path.Name);
    }

    [Fact]
    public async Task Actors_without_a_name_get_names_of_their_own_that_start_with_a_dollar()
    {
        await using var test = new TestSystem();
        var names = Enumerable.Range(0, 200).Select(_ => test.Run((_, _) => { }).Path.Name).ToArray();
        Assert.Equal(200, names.Distinct().Count());
        Assert.All(names, name => Assert.StartsWith("$", name));
    }

    [Fact]
    public void A_system_name_with_forbidden_characters_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ActorSystem.Create("not_valid", TestSystem.ConfigOf("")));
        Assert.Throws<ArgumentException>(() => ActorSystem.Create("-lead", TestSystem.ConfigOf("")));
    }

    private sealed class SlowToStop(TaskCompletionSource stopping, ManualResetEventSlim release) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop()
        {
            stopping.SetResult();
            release.Wait(Probe.Patience);
        }
    }
}
