using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Supervision;
using Akka.Util;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class OperatorTests(Systems systems) : StreamTest(systems)
{
    private readonly InvalidOperationException _trouble = new("trouble");

    [Fact]
    public async Task The_simple_operators_do_what_they_say()
    {
        Assert.Equal(["1", "2"], await Seq(Source.From([1, 2]).Select(n => $"{n}")));
        Assert.Equal([2, 4], await Seq(Source.From([1, 2, 3, 4]).Where(n => n % 2 == 0)));
        Assert.Equal([1, 2], await Seq(Source.From([1, 2, 3]).Take(2)));
        Assert.Equal([], await Seq(Source.From([1, 2, 3]).Take(0)));
        Assert.Equal([3], await Seq(Source.From([1, 2, 3]).Skip(2)));
        Assert.Equal([[1, 2], [3]], await Seq(Source.From([1, 2, 3]).Grouped(2).Select(g => g.ToArray())));
        Assert.Equal([6], await Seq(Source.From([1, 2, 3]).Aggregate(0, (sum, n) => sum + n)));
        Assert.Equal([1, 2, 3], await Seq(Source.From([1, 2, 3]).Buffer(2, OverflowStrategy.Backpressure)));
        Assert.Equal(["b"], await Seq(Source.From(["a", "b", "c"]).Via(Flow.Create<string>().Skip(1).Take(1).Where(_ => true).Select(s => s))));
    }

    [Fact]
    public async Task Sources_yield_their_elements_and_end()
    {
        Assert.Equal([1, 2, 3], await Seq(Source.From([1, 2, 3])));
        Assert.Equal([1, 2], await Seq(Source.FromEnumerator(() => ((IEnumerable<int>)[1, 2]).GetEnumerator())));
        Assert.Equal(["x"], await Seq(Source.Single("x")));
        Assert.Empty(await Seq(Source.Empty<int>()));
        Assert.Equal(["x", "x", "x"], await Seq(Source.Repeat("x").Take(3)));
        Assert.Equal([5], await Seq(Source.FromTask(Task.FromResult(5))));
        var later = new TaskCompletionSource<int>();
        var sequence = Seq(Source.FromTask(later.Task));
        later.SetResult(7);
        Assert.Equal([7], await sequence);
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(() => Seq(Source.Failed<int>(_trouble))));
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(() => Seq(Source.FromTask(Task.FromException<int>(_trouble)))));
        var sink = Source.Never<int>().RunWith(new ManualSink<int>(), Materializer);
        await sink.PullAsync();
        await sink.FenceAsync();
        Assert.Equal([Signal.PreStart], sink.Signals.Rest());
        await sink.CancelAsync();
        await sink.Signals.ExpectAsync(Signal.PostStop);
    }

    [Fact]
    public async Task Sinks_yield_their_results()
    {
        Assert.Equal(1, await Within(Source.From([1, 2]).RunWith(Sink.First<int>(), Materializer)));
        Assert.Equal(2, await Within(Source.From([1, 2]).RunWith(Sink.Last<int>(), Materializer)));
        Assert.Equal(0, await Within(Source.Empty<int>().RunWith(Sink.FirstOrDefault<int>(), Materializer)));
        Assert.Equal(0, await Within(Source.Empty<int>().RunWith(Sink.LastOrDefault<int>(), Materializer)));
        await Assert.ThrowsAsync<NoSuchElementException>(() => Within(Source.Empty<int>().RunWith(Sink.First<int>(), Materializer)));
        await Assert.ThrowsAsync<NoSuchElementException>(() => Within(Source.Empty<int>().RunWith(Sink.Last<int>(), Materializer)));
        Assert.Equal(Done.Instance, await Within(Source.From([1, 2]).RunWith(Sink.Ignore<int>(), Materializer)));
        List<int> seen = [];
        await Within(Source.From([1, 2]).RunWith(Sink.ForEach<int>(seen.Add), Materializer));
        await Within(Source.From([3]).RunForeach(seen.Add, Materializer));
        Assert.Equal([1, 2, 3], seen);
        Assert.Equal(6, await Within(Source.From([1, 2, 3]).RunAggregate(0, (sum, n) => sum + n, Materializer)));
        Assert.Equal(["1"], await Within(Source.From([1]).RunWith(Sink.Seq<string>().ContraMap<int>(n => $"{n}"), Materializer)));
    }

    [Fact]
    public async Task A_sink_fails_with_its_stream()
    {
        var failing = Source.Failed<int>(_trouble);
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(() => Within(failing.RunWith(Sink.Ignore<int>(), Materializer))));
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(() => Within(failing.RunWith(Sink.First<int>(), Materializer))));
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(() => Within(failing.RunWith(Sink.Last<int>(), Materializer))));
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(
            () => Within(Source.Single(1).RunWith(Sink.ForEach<int>(_ => throw _trouble), Materializer))));
    }

    [Fact]
    public async Task On_complete_tells_how_the_stream_ended()
    {
        var ended = new TaskCompletionSource<Exception?>();
        Source.Single(1).RunWith(Sink.OnComplete<int>(() => ended.SetResult(null), ended.SetResult), Materializer);
        Assert.Null(await Within(ended.Task));
        ended = new TaskCompletionSource<Exception?>();
        Source.Failed<int>(_trouble).RunWith(Sink.OnComplete<int>(() => ended.SetResult(null), ended.SetResult), Materializer);
        Assert.Same(_trouble, await Within(ended.Task));
    }

    [Fact]
    public async Task A_throwing_function_is_treated_as_the_supervision_strategy_says()
    {
        int Fail2(int n) => n == 2 ? throw _trouble : n;
        var source = Source.From([1, 2, 3]);
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(() => Seq(source.Select(Fail2))));
        Assert.Equal([1, 3], await Seq(source.Select(Fail2).WithAttributes(ActorAttributes.CreateSupervisionStrategy(Deciders.ResumingDecider))));
        Assert.Equal([1, 3], await Seq(source.Where(n => Fail2(n) > 0).WithAttributes(ActorAttributes.CreateSupervisionStrategy(Deciders.ResumingDecider))));
        Assert.Equal([4], await Seq(source.Aggregate(0, (sum, n) => sum + Fail2(n))
            .WithAttributes(ActorAttributes.CreateSupervisionStrategy(Deciders.ResumingDecider))));
        Assert.Equal([3], await Seq(source.Aggregate(0, (sum, n) => sum + Fail2(n))
            .WithAttributes(ActorAttributes.CreateSupervisionStrategy(Deciders.RestartingDecider))));
    }

    [Fact]
    public async Task An_enumerable_that_throws_fails_its_stream_whatever_the_supervision_says()
    {
        var source = Source.From(OneAndTrouble()).WithAttributes(ActorAttributes.CreateSupervisionStrategy(Deciders.ResumingDecider));
        var failure = await Assert.ThrowsAsync<AggregateException>(() => Seq(source));
        Assert.Same(_trouble, failure.InnerException);
        Assert.Equal([1], await Seq(source.Take(1)));
        Assert.Throws<ArgumentNullException>(() => Source.From((IEnumerable<int>)null!));

        IEnumerable<int> OneAndTrouble()
        {
            yield return 1;
            throw _trouble;
        }
    }

    [Fact]
    public async Task An_operator_without_room_for_one_element_fails_its_stream()
    {
        var source = Source.From([1, 2]);
        await Assert.ThrowsAsync<ArgumentException>(() => Seq(source.SelectAsync(0, Task.FromResult)));
        await Assert.ThrowsAsync<ArgumentException>(() => Seq(source.Buffer(0, OverflowStrategy.Backpressure)));
    }

    [Fact]
    public async Task Select_async_runs_tasks_at_the_same_time_and_keeps_the_order()
    {
        var tasks = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource<string>()).ToArray();
        var started = new Recorder();
        var (source, sink) = Run(Flow.Create<string>().SelectAsync(2, text =>
        {
            started.Add(new Signal("started", text));
            return tasks[int.Parse(text, null)].Task;
        }));
        await sink.PullAsync();
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        await source.PushAsync("0");
        await source.Signals.ExpectAsync(Signal.Pull);
        await source.PushAsync("1");
        await started.ExpectAsync(new Signal("started", "0"), new Signal("started", "1"));
        await source.FenceAsync();
        Assert.Empty(source.Signals.Rest());
        tasks[1].SetResult("b");
        await source.FenceAsync();
        Assert.Equal([Signal.PreStart], sink.Signals.Rest());
        tasks[0].SetResult("a");
        await sink.Signals.ExpectAsync(Signal.Push("a"));
        await sink.PullAsync();
        await sink.Signals.ExpectAsync(Signal.Push("b"));
        await source.CompleteAsync();
        await sink.Signals.ExpectAsync(Signal.Finish, Signal.PostStop);
    }

    [Fact]
    public async Task Select_async_fails_with_a_task_or_leaves_its_element_out()
    {
        Task<int> Fail2(int n) => n == 2 ? Task.FromException<int>(_trouble) : Task.FromResult(n);
        Assert.Equal([1, 2, 3], await Seq(Source.From([1, 2, 3]).SelectAsync(2, async n =>
        {
            await Task.Yield();
            return n;
        })));
        await Assert.ThrowsAnyAsync<Exception>(() => Seq(Source.From([1, 2, 3]).SelectAsync(2, Fail2)));
        Assert.Equal([1, 3], await Seq(Source.From([1, 2, 3]).SelectAsync(2, Fail2)
            .WithAttributes(ActorAttributes.CreateSupervisionStrategy(Deciders.ResumingDecider))));
    }

    [Fact]
    public async Task Recover_turns_a_failure_into_a_last_element()
    {
        Assert.Equal([1, 99], await Seq(Source.From([1, 2]).Select(n => n == 2 ? throw _trouble : n).Recover(_ => Option<int>.Create(99))));
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(
            () => Seq(Source.Failed<int>(_trouble).Recover(_ => Option<int>.None))));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("cancel")]
    [InlineData("fail")]
    [InlineData("cancel with a cause")]
    public async Task Watch_termination_sees_every_end(string end)
    {
        var ((source, watched), sink) = Source.FromGraph(new ManualSource<string>())
            .WatchTermination(Keep.Both)
            .ToMaterialized(new ManualSink<string>(), Keep.Both)
            .Run(Materializer);
        await sink.FenceAsync();
        Assert.False(watched.IsCompleted);
        await (end switch
        {
            "complete" => source.CompleteAsync(),
            "cancel" => sink.CancelAsync(),
            "fail" => source.FailAsync(_trouble),
            _ => sink.CancelAsync(_trouble),
        });
        if (end is "complete" or "cancel")
            Assert.Equal(Done.Instance, await Within(watched));
        else
            Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(() => Within(watched)));
    }

    [Theory]
    [InlineData(OverflowStrategy.DropHead, "c d e")]
    [InlineData(OverflowStrategy.DropTail, "a b e")]
    [InlineData(OverflowStrategy.DropBuffer, "d e")]
    [InlineData(OverflowStrategy.DropNew, "a b c")]
    public async Task A_full_buffer_drops_what_its_strategy_says(OverflowStrategy strategy, string kept)
    {
        var (source, sink) = Run(Flow.Create<string>().Buffer(3, strategy));
        foreach (var element in (string[])["a", "b", "c", "d", "e"])
            await source.PushAsync(element);
        await source.CompleteAsync();
        await sink.Signals.ExpectAsync(Signal.PreStart);
        foreach (var element in kept.Split(' '))
        {
            await sink.PullAsync();
            await sink.Signals.ExpectAsync(Signal.Push(element));
        }

        await sink.Signals.ExpectAsync(Signal.Finish, Signal.PostStop);
    }

    [Fact]
    public async Task A_full_buffer_that_may_not_drop_fails_or_stops_pulling()
    {
        var (source, sink) = Run(Flow.Create<string>().Buffer(1, OverflowStrategy.Fail));
        await source.PushAsync("a");
        await source.PushAsync("b");
        await sink.Signals.ExpectAsync(Signal.PreStart);
        Assert.IsType<BufferOverflowException>((await sink.Signals.NextAsync()).Value);

        (source, _) = Run(Flow.Create<string>().Buffer(1, OverflowStrategy.Backpressure));
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        await source.PushAsync("a");
        Assert.Empty(source.Signals.Rest());
    }

    private async Task<IEnumerable<T>> Seq<T, TMat>(Source<T, TMat> source) => await Within(source.RunWith(Sink.Seq<T>(), Materializer));
}
