using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class SystemTests
{
    [Fact]
    public async Task Terminating_stops_all_actors_and_then_runs_the_callbacks_the_last_one_first()
    {
        await using var test = new TestSystem();
        var order = new List<string>();
        test.System.ActorOf(Props.Create(() => new Ends(order)));
        var ran = new TaskCompletionSource();
        test.System.RegisterOnTermination(() =>
        {
            order.Add("first registered");
            ran.SetResult();
        });
        test.System.RegisterOnTermination(() => order.Add("last registered"));
        Assert.False(test.System.WhenTerminated.IsCompleted);
        await test.System.Terminate().InTime();
        await test.System.WhenTerminated.InTime();
        await ran.Task.InTime();
        Assert.Equal(["actor stopped", "last registered", "first registered"], order);
    }

    [Fact]
    public async Task A_terminated_system_takes_no_actors_and_no_callbacks()
    {
        await using var test = new TestSystem();
        await test.System.Terminate().InTime();
        Assert.Throws<InvalidOperationException>(() => test.Run((_, _) => { }));
        Assert.Throws<InvalidOperationException>(() => test.System.RegisterOnTermination(() => { }));
    }

    [Fact]
    public async Task Terminating_twice_is_terminating_once()
    {
        await using var test = new TestSystem();
        await Task.WhenAll(test.System.Terminate(), test.System.Terminate()).InTime();
        await test.System.Terminate().InTime();
    }

    [Fact]
    public void Disposing_a_system_returns_when_its_actors_have_stopped()
    {
        var order = new List<string>();
        using (var system = ActorSystem.Create("disposed", TestSystem.ConfigOf("")))
        {
            system.ActorOf(Props.Create(() => new Ends(order)));
        }

        Assert.Equal(["actor stopped"], order);
    }

    [Fact]
    public async Task User_actors_are_gone_before_system_actors()
    {
        await using var test = new TestSystem();
        var order = new List<string>();
        ((ExtendedActorSystem)test.System).SystemActorOf(Props.Create(() => new Ends(order, "system")), "helper");
        test.System.ActorOf(Props.Create(() => new Ends(order, "user")));
        await test.System.Terminate().InTime();
        Assert.Equal(["user stopped", "system stopped"], order);
    }

    [Fact]
    public async Task The_configuration_falls_back_to_the_reference_configuration()
    {
        await using var test = new TestSystem("mine.own = 7, akka.actor.default-dispatcher.throughput = 11");
        var config = test.System.Settings.Config;
        Assert.Equal(7, config.GetInt("mine.own"));
        Assert.Equal(11, config.GetInt("akka.actor.default-dispatcher.throughput"));
        Assert.Equal("Dispatcher", config.GetString("akka.actor.default-dispatcher.type"));
        Assert.Equal(30, ConfigurationFactory.Default().GetInt("akka.actor.default-dispatcher.throughput"));
        Assert.Equal(11, test.System.Dispatchers.Lookup("akka.actor.default-dispatcher").Throughput);
    }

    [Fact]
    public async Task A_system_can_be_set_up_in_code()
    {
        var bootstrap = BootstrapSetup.Create()
            .WithConfig(TestSystem.ConfigOf("from = setup"))
            .WithConfigFallback(ConfigurationFactory.ParseString("from = fallback, more = yes"));
        var setup = ActorSystemSetup.Create(bootstrap).And(new OwnSetup(5));
        var system = ActorSystem.Create("set-up", setup);
        try
        {
            Assert.Equal("setup", system.Settings.Config.GetString("from"));
            Assert.Equal("yes", system.Settings.Config.GetString("more"));
            Assert.Equal(5, system.Settings.Setup.Get<OwnSetup>().Value.Value);
            Assert.False(system.Settings.Setup.Get<OtherSetup>().HasValue);
        }
        finally
        {
            await system.Terminate().InTime();
        }
    }

    [Fact]
    public void A_provider_other_than_the_local_one_is_refused() =>
        Assert.Throws<ConfigurationException>(() => ActorSystem.Create("test", TestSystem.ConfigOf("akka.actor.provider = cluster")));

    [Fact]
    public async Task An_extension_is_created_once()
    {
        await using var test = new TestSystem();
        Assert.False(test.System.HasExtension<OwnExtension>());
        var extension = test.System.WithExtension<OwnExtension, OwnExtensionId>();
        Assert.Same(extension, test.System.WithExtension<OwnExtension, OwnExtensionId>());
        Assert.Same(extension, test.System.GetExtension<OwnExtension>());
        Assert.Same(extension, test.System.RegisterExtension(new OwnExtensionId()));
        Assert.Same(extension, new OwnExtensionId().Get(test.System));
        Assert.True(test.System.TryGetExtension<OwnExtension>(out var found));
        Assert.Same(extension, found);
        Assert.Same(test.System, extension.System);
    }

    [Fact]
    public async Task Extensions_can_be_configured()
    {
        await using var test = new TestSystem($"""akka.extensions = ["{typeof(OwnExtensionId).AssemblyQualifiedName}"]""");
        Assert.True(test.System.HasExtension<OwnExtension>());
    }

    [Fact]
    public async Task Stop_works_on_any_actor_of_the_system()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var parent = test.System.ActorOf(Recorder.Props(probe, "p"));
        var child = await parent.Spawn(Recorder.Props(probe, "c"), "c");
        await probe.Watch(child);
        test.System.Stop(child);
        await probe.Expect("p constructed", "p started", "c constructed", "c started", "c stopped");
        Assert.Equal(child, (await probe.Next<Terminated>()).ActorRef);
    }

    private sealed class OwnSetup(int value) : Setup
    {
        public int Value { get; } = value;
    }

    private sealed class OtherSetup : Setup;

    private sealed class OwnExtension(ActorSystem system) : IExtension
    {
        public ActorSystem System { get; } = system;
    }

    private sealed class OwnExtensionId : ExtensionIdProvider<OwnExtension>
    {
        public override OwnExtension CreateExtension(ExtendedActorSystem system) => new(system);
    }

    private sealed class Ends(List<string> order, string name = "actor") : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => order.Add(name + " stopped");
    }
}
