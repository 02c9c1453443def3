using Akka.Actor;
using Akka.Pattern;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class LifecycleTests(Systems systems) : StreamTest(systems)
{
    private readonly InvalidOperationException _trouble = new("trouble");
    private readonly Recorder _signals = new();

    [Fact]
    public async Task Stages_start_in_the_order_of_the_stream()
    {
        Run(Flow.Create<string>().Via(new LifecycleStage(_signals, "1")).Via(new LifecycleStage(_signals, "2")).Via(new LifecycleStage(_signals, "3")));
        await _signals.ExpectAsync(new Signal("pre-start", "1"), new Signal("pre-start", "2"), new Signal("pre-start", "3"));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("fail")]
    [InlineData("cancel")]
    [InlineData("cancel with a cause")]
    [InlineData("shut down")]
    [InlineData("abort")]
    [InlineData("stop the materializer")]
    public async Task Every_stage_starts_once_and_stops_once_whatever_ends_the_stream(string end)
    {
        var materializer = ActorMaterializer.Create(System, ActorMaterializerSettings.Create(System));
        var ((source, killSwitch), sink) = Source.FromGraph(new ManualSource<string>())
            .Via(new LifecycleStage(_signals, "1"))
            .ViaMaterialized(KillSwitches.Single<string>(), Keep.Both)
            .Via(new LifecycleStage(_signals, "2"))
            .ToMaterialized(new ManualSink<string>(), Keep.Both)
            .Run(materializer);
        await sink.PullAsync();
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        await (end switch
        {
            "complete" => source.CompleteAsync(),
            "fail" => source.FailAsync(_trouble),
            "cancel" => sink.CancelAsync(),
            "cancel with a cause" => sink.CancelAsync(_trouble),
            _ => Task.CompletedTask,
        });
        if (end == "shut down")
            killSwitch.Shutdown();
        else if (end == "abort")
            killSwitch.Abort(_trouble);
        else if (end == "stop the materializer")
            materializer.Shutdown();

        await _signals.ExpectAsync(new Signal("pre-start", "1"), new Signal("pre-start", "2"));
        Assert.Equal(
            [new Signal("post-stop", "1"), new Signal("post-stop", "2")],
            new[] { await _signals.NextAsync(), await _signals.NextAsync() }.OrderBy(signal => signal.Value));
        while (await source.Signals.NextAsync() != Signal.PostStop)
        {
        }

        while (await sink.Signals.NextAsync() != Signal.PostStop)
        {
        }

        Assert.Empty(_signals.Rest());
        Assert.Empty(source.Signals.Rest());
        Assert.Empty(sink.Signals.Rest());
    }

    [Fact]
    public async Task An_exception_at_the_start_fails_the_stage_and_stops_it()
    {
        var (source, sink) = Run(new LifecycleStage(_signals, "1", atStart: _trouble));
        await _signals.ExpectAsync(new Signal("pre-start", "1"), new Signal("post-stop", "1"));
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Cancel(_trouble), Signal.PostStop);
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Failure(_trouble), Signal.PostStop);
    }

    [Fact]
    public async Task An_exception_at_the_stop_of_one_stage_does_not_reach_the_others()
    {
        var (source, sink) = Run(Flow.Create<string>().Via(new LifecycleStage(_signals, "1", atStop: _trouble)));
        await source.CompleteAsync();
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Finish, Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
        await _signals.ExpectAsync(new Signal("pre-start", "1"), new Signal("post-stop", "1"));
    }

    [Fact]
    public async Task A_stream_of_an_actor_stops_with_the_actor()
    {
        var owner = System.ActorOf(Props.Create(() => new StreamOwner()));
        var (source, sink, watched) = await Within(owner.Ask<StreamOwner.Running>("run", Cancel));
        await sink.PullAsync();
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        System.Stop(owner);
        await source.Signals.ExpectAsync(Signal.PostStop);
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
        await Assert.ThrowsAsync<AbruptStageTerminationException>(() => Within(watched));
    }

    [Fact]
    public async Task A_stream_that_fails_does_not_disturb_its_actor()
    {
        var owner = System.ActorOf(Props.Create(() => new StreamOwner()));
        var (source, sink, watched) = await Within(owner.Ask<StreamOwner.Running>("run", Cancel));
        await source.FailAsync(_trouble);
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Failure(_trouble), Signal.PostStop);
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(() => Within(watched)));
        var (_, again, _) = await Within(owner.Ask<StreamOwner.Running>("run", Cancel));
        await again.PullAsync();
        System.Stop(owner);
    }

    [Fact]
    public async Task A_stream_lives_under_the_actor_that_materialized_it()
    {
        var owner = System.ActorOf(Props.Create(() => new StreamOwner()), "stream-owner");
        var (source, _, _) = await Within(owner.Ask<StreamOwner.Running>("run", Cancel));
        await source.DoAsync(port =>
        {
            var elements = port.RunningIn.Path.Elements;
            Assert.Equal(["user", "stream-owner"], elements.Take(2));
            Assert.StartsWith("StreamSupervisor-", elements[2], StringComparison.Ordinal);
            Assert.Equal("Flow-0-0-unknown-operation", elements[3], ignoreCase: true);
        });
        System.Stop(owner);
    }

    [Fact]
    public void A_materializer_that_was_shut_down_materializes_nothing()
    {
        var materializer = ActorMaterializer.Create(System, ActorMaterializerSettings.Create(System));
        materializer.Dispose();
        Assert.True(materializer.IsShutdown);
        Assert.Throws<IllegalStateException>(() => { Source.Empty<int>().To(Sink.Ignore<int>()).Run(materializer); });
    }

    [Fact]
    public void The_materializer_of_a_system_is_always_the_same()
    {
        Assert.Same(System.Materializer(), System.Materializer());
        Assert.False(System.Materializer().IsShutdown);
    }
}
