using System.Diagnostics;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>How requests end, and what their caller is given.</summary>
public class RequestEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_timeout_is_never_early()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        foreach (int ms in new[] { 1, 7, 16, 33, 70 })
        {
            long start = Stopwatch.GetTimestamp();
            RequestTimeoutException error = await Assert.ThrowsAsync<RequestTimeoutException>(
                async () => await client.RequestAsync("a", default, timeout: TimeSpan.FromMilliseconds(ms), cancellationToken: Token));
            Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(ms));
            Assert.Equal(("a", TimeSpan.FromMilliseconds(ms)), (error.Subject, error.Timeout));
        }

        await client.DisposeAsync();
        peer.Dispose();
    }

    [Fact]
    public async Task Disposing_the_client_ends_the_requests_that_are_open()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<Message>[] open = [.. Enumerable.Range(0, 100).Select(_ => client.RequestAsync("a", default, timeout: Timeout.InfiniteTimeSpan, cancellationToken: Token).AsTask())];
        await client.DisposeAsync();
        foreach (Task<Message> request in open) await Assert.ThrowsAsync<ConnectionLostException>(() => request.WaitAsync(Patience, Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.RequestAsync("a", default, cancellationToken: Token));
        peer.Dispose();
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_told_by_its_task()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<Message> wrong = client.RequestAsync("a..b", default, cancellationToken: Token).AsTask();
        await Assert.ThrowsAsync<FormatException>(() => wrong);
        Task<Message> negative = client.RequestAsync("a", default, timeout: TimeSpan.FromSeconds(-3), cancellationToken: Token).AsTask();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => negative);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        Assert.True(client.RequestAsync("a", default, cancellationToken: cancelled.Token).AsTask().IsCanceled);
        Task<Message> asking = client.RequestAsync("a", Text.Bytes("the only one"), cancellationToken: Token).AsTask();
        Assert.Equal("the only one", (await peer.ExpectAsync(FrameKind.Publish)).Payload);
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(() => asking);
        peer.Dispose();
    }

    [Fact]
    public async Task The_task_of_a_request_is_awaited_once()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        await using Service service = await client.ServeAsync("echo", (request, _) => ValueTask.FromResult(request.Payload), cancellationToken: Token);
#pragma warning disable CA2012 // That is what this is about.
        ValueTask<Message> request = client.RequestAsync("echo", Text.Bytes("1"), cancellationToken: Token);
#pragma warning restore CA2012
        Assert.Equal("1", Text.Of(await request));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await request);
    }

    [Fact]
    public async Task A_caller_with_a_context_of_its_own_goes_on_there()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        await using Service service = await client.ServeAsync("echo", (request, _) => ValueTask.FromResult(request.Payload), cancellationToken: Token);
        CountingContext context = new();
        TaskCompletionSource<string> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Post(async _ => answered.SetResult(Text.Of(await client.RequestAsync("echo", Text.Bytes("1"), cancellationToken: Token))), null);
        Assert.Equal("1", await answered.Task.WaitAsync(Patience, Token));
        Assert.Equal(2, context.Posted);
    }

    [Fact]
    public async Task The_quiet_gap_does_not_run_while_the_caller_is_busy_with_an_answer()
    {
        using FakeBroker broker = new();
        ManualTime time = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { Time = time });
        RequestManyOptions options = new() { QuietGap = TimeSpan.FromSeconds(1), Deadline = TimeSpan.FromHours(1) };
        await using IAsyncEnumerator<Message> answers = client.RequestManyAsync("a", default, options, cancellationToken: Token).GetAsyncEnumerator(Token);
        Task<bool> next = answers.MoveNextAsync().AsTask();
        string reply = (await peer.ExpectAsync(FrameKind.Publish)).Reply!;
        foreach (string text in new[] { "one", "two", "three" })
        {
            await peer.SendAsync(Wire.Deliver([0], Wire.SomeSender, Wire.Publish(reply, text)));
            Assert.True(await next.WaitAsync(Patience, Token));
            Assert.Equal(text, Text.Of(answers.Current));
            time.Advance(TimeSpan.FromSeconds(2));
            next = answers.MoveNextAsync().AsTask();
        }

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await next.WaitAsync(Patience, Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_cancellation_names_the_token_of_the_caller()
    {
        using FakeBroker broker = new();
        await using UdsBrokerClient client = new(broker.Options);
        using CancellationTokenSource cancel = new();
        Task<Message> waiting = client.RequestAsync("a", default, cancellationToken: cancel.Token).AsTask();
        Task<bool> gathering = client.RequestManyAsync("a", default, cancellationToken: cancel.Token).GetAsyncEnumerator(cancel.Token).MoveNextAsync().AsTask();

        await cancel.CancelAsync(); // before the broker has answered HELLO

        foreach (Task cancelled in new Task[] { waiting, gathering })
            Assert.Equal(cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled)).CancellationToken);
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int _posted;

        public int Posted => Volatile.Read(ref _posted);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posted);
            ThreadPool.QueueUserWorkItem(_ =>
            {
                SetSynchronizationContext(this);
                d(state);
                SetSynchronizationContext(null);
            });
        }
    }

    [Fact]
    public async Task The_time_of_a_request_also_runs_while_there_is_no_connection()
    {
        using FakeBroker broker = new();
        await using UdsBrokerClient client = new(broker.Options);
        Task connecting = client.ConnectAsync(Token).AsTask(); // which nobody answers
        TimeSpan little = TimeSpan.FromMilliseconds(30);
        Task<Message> request = client.RequestAsync("a", default, timeout: little, cancellationToken: Token).AsTask();

        RequestTimeoutException error = await Assert.ThrowsAsync<RequestTimeoutException>(() => request.WaitAsync(Patience, Token));
        Assert.Equal(("a", little), (error.Subject, error.Timeout));
        Assert.Contains("was not sent", error.Message, StringComparison.Ordinal);
        await foreach (Message _ in client.RequestManyAsync("a", default, new RequestManyOptions { Deadline = little }, cancellationToken: Token)) Assert.Fail("nobody answers");
        Assert.False(connecting.IsCompleted);
    }
}
