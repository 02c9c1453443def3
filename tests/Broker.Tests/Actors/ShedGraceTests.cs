using System.Net.Sockets;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Streams;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Broker.Tests.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>The grace period of a connection that is closed to free memory: whether it is given once more.</summary>
public class ShedGraceTests
{
    [Fact]
    public void A_peer_that_does_not_read_is_closed_at_the_end_of_the_period() => Assert.True(new ShedGrace().End(isStuck: true));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_that_the_broker_has_not_written_to_gets_the_period_once_more_and_not_twice(bool isStuckThen)
    {
        var grace = new ShedGrace();
        Assert.False(grace.End(isStuck: false));
        Assert.True(grace.End(isStuckThen));
    }

    [Fact]
    public async Task A_connection_whose_writer_does_not_run_gets_the_period_once_more_and_is_closed_after_that()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.memory.shed-grace-period=10ms");
        var listener = broker.Settings.Listeners[0];
        using var pair = await ConnectedPair.OpenAsync(SocketType.Stream, listener.SocketOptions);
        var routed = new TaskCompletionSource<Subscription>(TaskCreationOptions.RunContinuationsAsynchronously);
        var router = broker.System.ActorOf(Props.Create(() => new Router(routed)));
        var context = broker.Context;
        var access = context.Access.For(AccessPeers.Of(pair.Connection.Peer));
        var share = new ConnectionShare(context.Load.Users.TryConnect(pair.Connection.Peer.Uid)!);
        var connection = broker.System.ActorOf(ConnectionActor.Props(
            context, new BrokerActors(router, ActorRefs.Nobody), new IdleMaterializer(), new AdmittedConnection(Guid.CreateVersion7(), pair.Connection, listener, access, share)));
        var inbox = await GreetAsync(connection, routed.Task);

        FillQueue(inbox);
        connection.Tell(new Ending(CloseReason.Overloaded, "the test needs its memory"));

        await BrokerInProcess.UntilAsync(() => inbox.Client!.HasLeft);
        Assert.Single(broker.Log, line => line.StartsWith("104 ", StringComparison.Ordinal));
    }

    private static async Task<Subscription> GreetAsync(IActorRef connection, Task<Subscription> routed)
    {
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var frames = new ControlFrames();
        frames.Add(FrameKind.Hello, Frames.Hello());
        connection.Tell(new ConnectionActor.ControlArrived(frames, handled.SetResult));
        await handled.Task.WaitAsync(BrokerInProcess.Patience, TestContext.Current.CancellationToken);
        return await routed;
    }

    // More pieces than a publisher sends in place, and fewer bytes than the kernel takes: the rest waits for the connection's own writer.
    private static void FillQueue(Subscription inbox)
    {
        const int Messages = 160;
        var account = new PublisherAccount(Guid.CreateVersion7(), PeerAccess.OfBroker, new Traffic());
        var frame = Frames.Publish("_INBOX.x.y", new byte[2100]);
        using var run = new TestRun(new SlabPool(1 << 16), account, [.. Enumerable.Repeat(frame, Messages)]);
        for (var i = 0; i < Messages; i++) inbox.Outbox.Deliver(new Recipient(inbox.Outbox, [inbox]), run.Run.One(i * frame.Length, frame.Length), new HoldingSubscriptions(), out _, out _);
        inbox.Outbox.Flush();
        Assert.False(inbox.Outbox.IsStuck, "the kernel did not take what a publisher sends in place");
    }

    /// <summary>Tells the test of the inbox of a client that has said HELLO.</summary>
    private sealed class Router : ReceiveActor
    {
        public Router(TaskCompletionSource<Subscription> routed)
        {
            Receive<RouterActor.Apply>(message =>
            {
                routed.TrySetResult(message.Changes[0].Subscription);
                Sender.Tell(RouterActor.Applied.Instance);
            });
            ReceiveAny(_ => { });
        }
    }

    /// <summary>Starts no stream, as a machine without a free processor does for a while.</summary>
    private sealed class IdleMaterializer : IMaterializer
    {
        public MessageDispatcher ExecutionContext => throw new NotSupportedException();

        public IMaterializer WithNamePrefix(string namePrefix) => this;

        public TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable) => default!;

        public TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes) => default!;

        public ICancelable ScheduleOnce(TimeSpan delay, Action action) => throw new NotSupportedException();

        public ICancelable ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => throw new NotSupportedException();
    }
}
