using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>
/// Several publishers on threads of their own feed one connection whose kernel is full again and again, while its writer, a granter of
/// credit and its end run on others: one sends at a time, nothing is lost or doubled, nobody waits forever.
/// </summary>
public sealed class OutboxThreadsTests : IDisposable
{
    private const int Publishers = 3;
    private const int Messages = 5000;
    private static readonly TimeSpan Patience = TestThreads.Patience;

    private readonly CoreBroker _broker = new(slabBytes: 1 << 14, highWatermark: 3000, lowWatermark: 700);
    private readonly RandomlyFullSocket _socket = new(seed: 1);
    private readonly AutoResetEvent _writerNeeded = new(false);
    private readonly Outbox _outbox;
    private readonly Subscription[] _subscriptions;
    private readonly TestThreads _threads = new();
    private volatile bool _isOver;

    public OutboxThreadsTests()
    {
        _outbox = new Outbox(_broker.OutboxLimits, _broker.Pool, _broker.Clock, _socket, new Owner(_writerNeeded), _broker.Traffic);
        _outbox.Welcome();
        _subscriptions = [Subscribe(1, null), Subscribe(2, 100), Subscribe(3, null)];
        _broker.Apply([.. _subscriptions.Select(s => new RoutingChange(s, Begins: true))]);
    }

    public void Dispose() => _writerNeeded.Dispose();

    [Fact]
    public void Every_message_reaches_every_subscription_once_and_in_the_order_of_its_publisher()
    {
        var accounts = RunAll(() => { });
        Assert.True(SpinWait.SpinUntil(() => IsAtRest, Patience), "the outbox never came to rest");
        Stop();

        var next = new Dictionary<(uint, Guid), int>();
        foreach (var delivery in Received.Parse(_socket.Received).Deliveries)
        {
            var expected = next.GetValueOrDefault((delivery.Sid, delivery.Sender));
            if (delivery.Payload.Split('/')[0] != $"{expected}") Assert.Fail($"sid {delivery.Sid} got {delivery.Payload} instead of {expected}");
            next[(delivery.Sid, delivery.Sender)] = expected + 1;
        }

        Assert.Equal(Publishers * _subscriptions.Length, next.Count);
        Assert.All(next.Values, count => Assert.Equal(Messages, count));
        Assert.All(accounts, account => Assert.Equal(new Receipt(Messages, 3 * Messages, 0), account.TakeReceipt()));
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(20_000)]
    [InlineData(200_000)]
    public void A_connection_that_closes_in_the_middle_holds_nobody_and_keeps_nothing(int afterBytes)
    {
        var accounts = RunAll(() =>
        {
            Assert.True(SpinWait.SpinUntil(() => _socket.Taken >= afterBytes, Patience), "the socket was never sent so much");
            _outbox.Close();
        });
        Stop();

        Assert.Equal(0, _broker.Pool.Leased);
        var received = (ulong)Received.Parse(_socket.Received, mayBeCut: true).Deliveries.Count;
        var receipts = accounts.Select(account => account.TakeReceipt()).ToList();
        Assert.All(receipts, receipt => Assert.Equal((ulong)Messages, receipt.Published));
        var taken = receipts.Aggregate(0ul, (sum, r) => sum + r.Matched - r.Dropped);
        Assert.InRange(received, taken, ulong.MaxValue);
    }

    private bool IsAtRest => _subscriptions.All(s => s.Backlog is null) && _broker.Pool.Leased == 0;

    private PublisherAccount[] RunAll(Action meanwhile)
    {
        _threads.Start(Write);
        _threads.Start(Grant);
        PublisherAccount[] accounts =
            [.. Enumerable.Range(1, Publishers).Select(i => new PublisherAccount(new Guid(i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), PeerAccess.OfBroker, _broker.Traffic))];
        Thread[] publishers = [.. accounts.Select((account, i) => _threads.Start(() => Publish(account, i)))];
        meanwhile();
        Assert.All(publishers, thread => Assert.True(thread.Join(Patience), "a publisher waits forever"));
        return accounts;
    }

    private void Publish(PublisherAccount account, int number)
    {
        using var opened = new AutoResetEvent(false);
        var random = new Random(number);
        var own = new Outbox(_broker.OutboxLimits, _broker.Pool, _broker.Clock, new FakeSocket(), new FakeOwner(), _broker.Traffic);
        var router = new InboundRouter(_broker.Table, account, own, _broker.Kept, _broker.Limits);
        var turns = new PublisherTurns(router, own, Patience, () => () => opened.Set());
        var buffer = new InboundBuffer(_broker.Pool);
        Feed(buffer, Frames.Hello());
        router.Consume(buffer);
        for (var sent = 0; sent < Messages;)
        {
            var count = Math.Min(random.Next(1, 30), Messages - sent);
            Feed(buffer, Frames.Join(Enumerable.Range(sent, count).Select(i => Frames.Publish("s", $"{i}/" + new string('x', random.Next(60))))));
            sent += count;
            turns.Arrived(buffer);
            if (turns.Next() == PublisherStep.Read) continue;
            Assert.True(opened.WaitOne(Patience), $"publisher {number} was never let go on after {sent}");
            turns.GateOpened();
        }

        buffer.Release();
    }

    private static void Feed(InboundBuffer buffer, byte[] bytes)
    {
        bytes.CopyTo(buffer.FreeSpace());
        buffer.Filled(bytes.Length);
    }

    private void Write()
    {
        while (!_isOver)
        {
            _writerNeeded.WaitOne(10);
            while (_outbox.NextBatch() is { } batch)
            {
                _socket.TrySend(batch, out var sent);
                _outbox.WriterSent(sent);
            }
        }
    }

    private void Grant()
    {
        while (!_isOver)
        {
            _outbox.Grant(_subscriptions[1], 40);
            Thread.Yield();
        }
    }

    private void Stop()
    {
        _isOver = true;
        _threads.Join();
    }

    private Subscription Subscribe(uint sid, ulong? credit) =>
        new(_outbox, sid, "s"u8.ToArray(), new SubscribeOptions { Credit = credit }, new PendingBound(1 << 20, 1 << 16));

    private sealed class Owner(AutoResetEvent writerNeeded) : IOutboxOwner
    {
        public void WriterNeeded(bool isFull) => writerNeeded.Set();

        public void Faulted(Exception cause) => throw new InvalidOperationException("an outbox has faulted", cause);

        public void Drained() => Assert.Fail("nothing ends");

        public void PeerGone() => Assert.Fail("the peer is not gone");

        public void SubscriptionEnded(Subscription subscription) => Assert.Fail("no subscription ends");

        public void SlowConsumer(Subscription subscription) => Assert.Fail("nobody is to be disconnected");
    }
}
