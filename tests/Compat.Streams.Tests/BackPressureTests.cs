using Akka.Streams;
using Akka.Streams.Dsl;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class BackPressureTests(Systems systems) : StreamTest(systems)
{
    [Fact]
    public async Task Demand_goes_up_and_elements_come_down_one_at_a_time()
    {
        var (source, sink) = Run<string>();
        await source.Signals.ExpectAsync(Signal.PreStart);
        await sink.Signals.ExpectAsync(Signal.PreStart);
        foreach (var element in (string[])["a", "b", "c"])
        {
            await sink.PullAsync();
            await source.Signals.ExpectAsync(Signal.Pull);
            await source.PushAsync(element);
            await sink.Signals.ExpectAsync(Signal.Push(element));
        }

        await source.FenceAsync();
        Assert.Empty(source.Signals.Rest());
        Assert.Empty(sink.Signals.Rest());
    }

    [Fact]
    public async Task Nothing_is_pulled_before_the_sink_pulls()
    {
        var (source, sink) = Run(Flow.Create<string>().Select(s => s.Length).Where(n => n > 1));
        await sink.FenceAsync();
        Assert.Equal([Signal.PreStart], source.Signals.Rest());
        await source.DoAsync(port => Assert.False(port.IsOutAvailable));
        await sink.PullAsync();
        await sink.FenceAsync();
        Assert.Equal([Signal.Pull], source.Signals.Rest());
        await source.DoAsync(port => Assert.True(port.IsOutAvailable));
    }

    [Fact]
    public async Task A_push_without_demand_is_refused()
    {
        var (source, _) = Run<string>();
        await Assert.ThrowsAsync<ArgumentException>(() => source.PushAsync("a"));
    }

    [Fact]
    public async Task A_second_push_for_one_pull_is_refused()
    {
        var (source, sink) = Run<string>();
        await sink.PullAsync();
        await source.PushAsync("a");
        await Assert.ThrowsAsync<ArgumentException>(() => source.PushAsync("b"));
    }

    [Fact]
    public async Task A_second_pull_is_refused()
    {
        var (_, sink) = Run<string>();
        await sink.PullAsync();
        await sink.DoAsync(port => Assert.True(port.HasBeenPulled));
        await Assert.ThrowsAsync<ArgumentException>(sink.PullAsync);
    }

    [Fact]
    public async Task An_element_must_not_be_null()
    {
        var (source, sink) = Run<string>();
        await sink.PullAsync();
        await Assert.ThrowsAsync<ArgumentNullException>(() => source.PushAsync(null!));
        await source.PushAsync("a");
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("a"));
    }

    [Fact]
    public async Task An_element_can_be_grabbed_once_and_stays_until_then()
    {
        var (source, sink) = Source.FromGraph(new ManualSource<string>()).ToMaterialized(new ManualSink<string>(grabs: false), Keep.Both).Run(Materializer);
        await Assert.ThrowsAsync<ArgumentException>(() => sink.DoAsync(port => port.Grab()));
        await sink.PullAsync();
        await source.PushAsync("a");
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("not grabbed"));
        await sink.DoAsync(port =>
        {
            Assert.True(port.IsInAvailable);
            Assert.Equal("a", port.Grab());
            Assert.False(port.IsInAvailable);
        });
        await Assert.ThrowsAsync<ArgumentException>(() => sink.DoAsync(port => port.Grab()));
    }

    [Fact]
    public async Task An_element_that_is_not_grabbed_gives_way_to_the_next_one()
    {
        var (source, sink) = Source.FromGraph(new ManualSource<string>()).ToMaterialized(new ManualSink<string>(grabs: false), Keep.Both).Run(Materializer);
        await sink.PullAsync();
        await source.PushAsync("a");
        await sink.PullAsync();
        await source.PushAsync("b");
        await sink.DoAsync(port => Assert.Equal("b", port.Grab()));
    }

    [Fact]
    public async Task Values_and_references_both_travel()
    {
        var numbers = await Within(Source.From(Enumerable.Range(0, 100_000)).RunWith(Sink.Aggregate<int, long>(0, (sum, n) => sum + n), Materializer));
        Assert.Equal(4_999_950_000, numbers);
        var tuples = await Within(Source.From([(1, "a"), (2, "b")]).Select(t => (t.Item2, t.Item1)).RunWith(Sink.Seq<(string, int)>(), Materializer));
        Assert.Equal([("a", 1), ("b", 2)], tuples);
    }

    [Fact]
    public async Task An_endless_stream_leaves_the_thread_to_others_and_can_be_ended()
    {
        var killSwitches = Enumerable.Range(0, 2 * Environment.ProcessorCount + 2)
            .Select(_ => Source.Repeat("x")
                .ViaMaterialized(KillSwitches.Single<string>(), Keep.Right)
                .ToMaterialized(Sink.Ignore<string>(), Keep.Both)
                .Run(Materializer))
            .ToList();
        Assert.Equal([1, 2, 3], await Within(Source.From([1, 2, 3]).RunWith(Sink.Seq<int>(), Materializer)));
        foreach (var (killSwitch, ended) in killSwitches)
        {
            killSwitch.Shutdown();
            await Within(ended);
        }
    }
}
