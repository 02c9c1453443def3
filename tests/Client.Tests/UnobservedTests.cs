using System.Collections.Concurrent;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>No task of the library fails without somebody who could have seen it; watches the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(AllocationTests))]
public class UnobservedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_who_leaves_the_retained_messages_leaves_no_failed_task_behind()
    {
        ConcurrentQueue<Exception> unobserved = new();
        void Take(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.Enqueue(e.Exception);
        TaskScheduler.UnobservedTaskException += Take;
        try
        {
            await LeaveAsync();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.DoesNotContain(unobserved, error => error.InnerException is ConnectionLostException);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Take;
        }
    }

    private static async Task LeaveAsync()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        IAsyncEnumerator<Message> retained = client.GetRetainedAsync("a", Token).GetAsyncEnumerator(Token);
        Task<bool> first = retained.MoveNextAsync().AsTask();
        uint sid = (await peer.AcceptSubscriptionAsync()).Sid;
        await peer.SendAsync(Wire.Deliver([sid], Wire.SomeSender, DeliverFlags.Retained, Wire.Publish("a", "v")));
        Assert.True(await first);
        await retained.DisposeAsync();

        peer.Dispose(); // before it has answered the drain

        await events.DisconnectedAsync();
        await client.DisposeAsync();
    }
}
