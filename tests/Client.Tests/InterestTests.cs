using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Waiting until somebody subscribes.</summary>
public class InterestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiting_ends_when_somebody_subscribes_and_removes_its_own_subscription()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<int> waiting = client.WaitForSubscribersAsync("jobs.new", Timeout.InfiniteTimeSpan, Token).AsTask();
        SubscribeCommand subscribe = (await peer.ExpectAsync(FrameKind.Subscribe)).Subscribe;
        Assert.Equal("$SYS.interest.jobs.new", Encoding.UTF8.GetString(subscribe.Pattern.Span));
        await peer.SendAsync(News(subscribe.Sid, "{\"subscribers\":0}"));
        await peer.AnswerFenceAsync();
        await peer.SendAsync(News(subscribe.Sid, "nonsense"), News(subscribe.Sid, "{\"of\":{\"subscribers\":9}}"));
        Assert.False(waiting.IsCompleted);

        await peer.SendAsync(News(subscribe.Sid, "{\"since\":[1],\"subscribers\":3}"));

        Assert.Equal(3, await waiting);
        Assert.Equal(subscribe.Sid, (await peer.ExpectAsync(FrameKind.Unsubscribe)).Unsubscribe.Sid);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_cancellation_names_the_token_of_the_caller()
    {
        using FakeBroker broker = new();
        TaskCompletionSource? deadline = null;
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { Time = new WatchedTime(() => deadline?.TrySetResult()) });
        deadline = new TaskCompletionSource();
        using CancellationTokenSource cancel = new();
        Task<int> waiting = client.WaitForSubscribersAsync("jobs", TimeSpan.FromHours(1), cancel.Token).AsTask();
        await peer.AcceptSubscriptionAsync();
        await deadline.Task.WaitAsync(TimeSpan.FromSeconds(60), Token); // it is subscribed and waits

        await cancel.CancelAsync();

        Assert.Equal(cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting)).CancellationToken);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_in_time_is_an_exception_that_names_the_subject()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<int> waiting = client.WaitForSubscribersAsync("jobs", TimeSpan.FromMilliseconds(20), Token).AsTask();
        await peer.AcceptSubscriptionAsync();

        NoSubscribersException error = await Assert.ThrowsAsync<NoSubscribersException>(() => waiting);

        Assert.Equal(("jobs", TimeSpan.FromMilliseconds(20)), (error.Subject, error.Timeout));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Waiting_goes_on_across_a_reconnect()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<int> waiting = client.WaitForSubscribersAsync("jobs", cancellationToken: Token).AsTask();
        await peer.AcceptSubscriptionAsync();
        peer.Dispose();

        using FakePeer next = await broker.WelcomeAsync();
        SubscribeCommand again = await next.AcceptSubscriptionAsync();
        await next.SendAsync(News(again.Sid, "{\"subscribers\":1}"));

        Assert.Equal(1, await waiting);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_pattern_is_no_subject_to_wait_for()
    {
        using FakeBroker broker = new();
        await using UdsBrokerClient client = new(broker.Options);
        await Assert.ThrowsAsync<FormatException>(() => client.WaitForSubscribersAsync("jobs.*", cancellationToken: Token).AsTask());
    }

    private static byte[] News(uint sid, string json) => Wire.Deliver([sid], Guid.Empty, Wire.Publish("$SYS.interest.jobs", json));
}
