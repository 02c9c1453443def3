using Akka.Streams;
using Akka.Streams.Dsl;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class QueueSourceTests(Systems systems) : StreamTest(systems)
{
    private readonly InvalidOperationException _trouble = new("trouble");

    [Fact]
    public async Task Offered_elements_come_in_order_and_completion_after_them()
    {
        var (queue, sink) = RunQueue(4, OverflowStrategy.Backpressure);
        foreach (var element in (string[])["a", "b", "c"])
            Assert.IsType<QueueOfferResult.Enqueued>(await Within(queue.OfferAsync(element)));
        queue.Complete();
        await sink.Signals.ExpectAsync(Signal.PreStart);
        foreach (var element in (string[])["a", "b", "c"])
        {
            await sink.PullAsync();
            await sink.Signals.ExpectAsync(Signal.Push(element));
        }

        await sink.Signals.ExpectAsync(Signal.Finish, Signal.PostStop);
        await Within(queue.WatchCompletionAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task With_back_pressure_one_offer_waits_and_a_second_one_is_an_error(int size)
    {
        var (queue, sink) = RunQueue(size, OverflowStrategy.Backpressure);
        for (var i = 0; i < size; i++)
            Assert.IsType<QueueOfferResult.Enqueued>(await Within(queue.OfferAsync($"{i}")));
        var waiting = queue.OfferAsync("waiting");
        await Assert.ThrowsAnyAsync<Exception>(() => Within(queue.OfferAsync("one too many")));
        Assert.False(waiting.IsCompleted);
        await sink.PullAsync();
        Assert.IsType<QueueOfferResult.Enqueued>(await Within(waiting));
        await sink.CancelAsync();
    }

    [Fact]
    public async Task A_full_queue_drops_the_new_element_or_fails()
    {
        var (queue, sink) = RunQueue(1, OverflowStrategy.DropNew);
        Assert.IsType<QueueOfferResult.Enqueued>(await Within(queue.OfferAsync("a")));
        Assert.IsType<QueueOfferResult.Dropped>(await Within(queue.OfferAsync("b")));
        await sink.CancelAsync();

        (queue, sink) = RunQueue(1, OverflowStrategy.Fail);
        await Within(queue.OfferAsync("a"));
        var result = Assert.IsType<QueueOfferResult.Failure>(await Within(queue.OfferAsync("b")));
        Assert.IsType<BufferOverflowException>(result.Cause);
        await Assert.ThrowsAsync<BufferOverflowException>(() => Within(queue.WatchCompletionAsync()));
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Failure(result.Cause), Signal.PostStop);
    }

    [Fact]
    public async Task A_failure_ends_the_stream_at_once()
    {
        var (queue, sink) = RunQueue(4, OverflowStrategy.Backpressure);
        await Within(queue.OfferAsync("a"));
        queue.Fail(_trouble);
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Failure(_trouble), Signal.PostStop);
        Assert.Same(_trouble, await Assert.ThrowsAsync<InvalidOperationException>(() => Within(queue.WatchCompletionAsync())));
    }

    [Fact]
    public async Task After_a_cancellation_an_offer_that_waits_is_closed_and_a_new_one_is_refused()
    {
        var (queue, sink) = RunQueue(0, OverflowStrategy.Backpressure);
        var waiting = queue.OfferAsync("a");
        await sink.CancelAsync();
        Assert.IsType<QueueOfferResult.QueueClosed>(await Within(waiting));
        await Within(queue.WatchCompletionAsync());
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
        await Assert.ThrowsAsync<StreamDetachedException>(() => Within(queue.OfferAsync("b")));
    }

    private (ISourceQueueWithComplete<string>, ManualSink<string>.Control) RunQueue(int size, OverflowStrategy strategy) =>
        Source.Queue<string>(size, strategy).ToMaterialized(new ManualSink<string>(), Keep.Both).Run(Materializer);
}
