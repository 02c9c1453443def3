using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using static Akka.Streams.SubscriptionWithCancelException;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class IslandTests(Systems systems) : StreamTest(systems)
{
    private readonly InvalidOperationException _trouble = new("trouble");

    [Fact]
    public async Task A_stream_runs_in_one_actor()
    {
        var (source, sink) = Run(Flow.Create<string>().Select(s => s));
        Assert.Equal(await RunningIn(source), await RunningIn(sink));
    }

    [Fact]
    public async Task An_asynchronous_boundary_makes_a_second_actor_beside_the_first()
    {
        var (source, sink) = RunAcross();
        var up = await RunningIn(source);
        var down = await RunningIn(sink);
        Assert.NotEqual(up, down);
        Assert.Equal(up.Path.Parent, down.Path.Parent);
    }

    [Fact]
    public async Task Elements_cross_a_boundary_in_order()
    {
        var elements = Source.From(Enumerable.Range(0, 10_000)).Async()
            .Select(n => n + 1).Async()
            .Select(n => $"{n}")
            .RunWith(Sink.Seq<string>(), Materializer);
        Assert.Equal(Enumerable.Range(1, 10_000).Select(n => $"{n}"), await Within(elements));
    }

    [Fact]
    public async Task Islands_may_start_in_any_order()
    {
        // Many short streams, so that now and then an island hears of another one before it is told to start.
        await Within(Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 250; i++)
            {
                var elements = Source.Single(i).Async().Select(n => n + 1).Async().Select(n => n + 1).Async().RunWith(Sink.Seq<int>(), Materializer);
                Assert.Equal([i + 2], await Within(elements));
            }
        }))));
    }

    [Fact]
    public async Task A_boundary_takes_as_many_elements_ahead_as_its_buffer_holds()
    {
        var (source, sink) = RunAcross();
        await sink.FenceAsync();
        await source.Signals.ExpectAsync(Signal.PreStart);
        for (var i = 0; i < 16; i++)
        {
            await source.Signals.ExpectAsync(Signal.Pull);
            await source.PushAsync($"{i}");
        }

        await sink.FenceAsync();
        await source.FenceAsync();
        Assert.Empty(source.Signals.Rest());
        await sink.Signals.ExpectAsync(Signal.PreStart);
        for (var i = 0; i < 8; i++)
        {
            await sink.PullAsync();
            await sink.Signals.ExpectAsync(Signal.Push($"{i}"));
        }

        await source.Signals.ExpectAsync(Signal.Pull);
        await sink.CancelAsync();
    }

    [Fact]
    public async Task The_buffer_of_a_boundary_can_be_set()
    {
        var settings = ActorMaterializerSettings.Create(System).WithInputBuffer(2, 2);
        using var materializer = ActorMaterializer.Create(System, settings);
        var (source, sink) = Source.FromGraph(new ManualSource<string>()).Async()
            .ToMaterialized(new ManualSink<string>(), Keep.Both)
            .Run(materializer);
        await source.Signals.ExpectAsync(Signal.PreStart);
        for (var i = 0; i < 2; i++)
        {
            await source.Signals.ExpectAsync(Signal.Pull);
            await source.PushAsync($"{i}");
        }

        await sink.FenceAsync();
        await source.FenceAsync();
        Assert.Empty(source.Signals.Rest());
    }

    [Fact]
    public async Task A_stage_that_is_alone_behind_a_boundary_can_set_its_buffer_by_an_attribute()
    {
        var (source, sink) = Source.FromGraph(new ManualSource<string>()).Async()
            .ToMaterialized(Sink.FromGraph(new ManualSink<string>()).AddAttributes(Attributes.CreateInputBuffer(1, 1)), Keep.Both)
            .Run(Materializer);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        await source.PushAsync("a");
        await sink.FenceAsync();
        await source.FenceAsync();
        Assert.Empty(source.Signals.Rest());
        await sink.PullAsync();
        await source.Signals.ExpectAsync(Signal.Pull);
    }

    [Fact]
    public async Task Completion_crosses_after_all_elements()
    {
        var (source, sink) = RunAcross();
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        await source.PushAsync("a");
        await source.CompleteAsync();
        await source.Signals.ExpectAsync(Signal.Pull, Signal.PostStop);
        await sink.FenceAsync();
        Assert.Equal([Signal.PreStart], sink.Signals.Rest());
        await sink.PullAsync();
        await sink.Signals.ExpectAsync(Signal.Push("a"), Signal.Finish, Signal.PostStop);
    }

    [Fact]
    public async Task Failure_crosses_and_overtakes_the_elements_that_wait()
    {
        var (source, sink) = RunAcross();
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        await source.PushAsync("a");
        await source.FailAsync(_trouble);
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Failure(_trouble), Signal.PostStop);
    }

    [Fact]
    public async Task A_cancellation_crosses_with_its_cause()
    {
        foreach (var cause in (Exception?[])[_trouble, null])
        {
            var (source, sink) = RunAcross();
            await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
            await (cause is null ? sink.CancelAsync() : sink.CancelAsync(cause));
            await sink.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
            await source.Signals.ExpectAsync(Signal.Cancel(cause ?? NoMoreElementsNeeded.Instance), Signal.PostStop);
        }
    }

    [Fact]
    public async Task An_empty_source_before_a_boundary_completes()
    {
        Assert.Empty(await Within(Source.Empty<int>().Async().RunWith(Sink.Seq<int>(), Materializer)));
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(
            () => Within(Source.Failed<int>(_trouble).Async().RunWith(Sink.Seq<int>(), Materializer))));
    }

    [Fact]
    public async Task When_the_upstream_actor_is_stopped_the_downstream_fails_with_abrupt_termination()
    {
        var (source, sink) = RunAcross();
        var upstream = await RunningIn(source);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        await sink.Signals.ExpectAsync(Signal.PreStart);
        System.Stop(upstream);
        var failure = await sink.Signals.NextAsync();
        Assert.Equal("failure", failure.Kind);
        Assert.Equal(upstream, Assert.IsType<AbruptTerminationException>(failure.Value).Actor);
        await sink.Signals.ExpectAsync(Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PostStop);
    }

    [Fact]
    public async Task When_the_downstream_actor_is_stopped_the_upstream_is_cancelled()
    {
        var (source, sink) = RunAcross();
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        System.Stop(await RunningIn(sink));
        Assert.Equal("cancel", (await source.Signals.NextAsync()).Kind);
        await source.Signals.ExpectAsync(Signal.PostStop);
    }

    private (ManualSource<string>.Control, ManualSink<string>.Control) RunAcross() =>
        Source.FromGraph(new ManualSource<string>()).Async().ToMaterialized(new ManualSink<string>(), Keep.Both).Run(Materializer);

    private static async Task<IActorRef> RunningIn<T>(ManualSource<T>.Control source)
    {
        IActorRef actor = ActorRefs.Nobody;
        await source.DoAsync(port => actor = port.RunningIn);
        return actor;
    }

    private static async Task<IActorRef> RunningIn<T>(ManualSink<T>.Control sink)
    {
        IActorRef actor = ActorRefs.Nobody;
        await sink.DoAsync(port => actor = port.RunningIn);
        return actor;
    }
}
