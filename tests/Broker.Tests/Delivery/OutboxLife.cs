using System.Globalization;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>
/// The outbox of one connection with three subscriptions, two of them on credit and one of these in a queue group, and its users, each on a
/// thread of its own, all starting at once. Its writer runs only when it is called, so a missing call is detected.
/// </summary>
internal sealed class OutboxLife : IOutboxOwner, IDisposable
{
    private const int Publishers = 2;
    private const int Runs = 60;
    private static readonly TimeSpan Patience = TestThreads.Patience;

    private readonly SlabPool _pool = new(4096);
    private readonly Traffic _traffic = new();
    private readonly MemoryMeter _memory = new(null, long.MaxValue);
    private readonly ConnectionShare _share;
    private readonly Subscription[] _subscriptions;
    private readonly PublisherAccount[] _accounts;
    private readonly long[] _admitted = new long[Publishers];
    private readonly TestThreads _threads = new();
    private readonly Barrier _start = new(Publishers + 3);
    private readonly AutoResetEvent _writerNeeded = new(false);
    private readonly ManualResetEventSlim _drained = new();
    private readonly int _seed;
    private int _drainedCalls;
    private long _takenWhenDrained;
    private volatile bool _isOver;

    internal OutboxLife(int seed)
    {
        _seed = seed;
        Socket = new RandomlyFullSocket(seed);
        var users = new UserShares(new UserLimits(1, 100, long.MaxValue, 0), _memory, new FakeClock(), _traffic);
        _share = new ConnectionShare(users.TryConnect(0)!);
        Outbox = new Outbox(new OutboxLimits(2000, 500, Limits.Default), _pool, new FakeClock(), Socket, this, _traffic, _share);
        Outbox.Welcome();
        _subscriptions = [Subscribe(1, SubscribeOptions.None), Subscribe(2, new SubscribeOptions { Credit = 10 }), Subscribe(3, new SubscribeOptions { Credit = 5, Queue = "q" })];
        _accounts = [.. Enumerable.Range(1, Publishers).Select(i => new PublisherAccount(new Guid(i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), PeerAccess.OfBroker, _traffic))];
    }

    internal Outbox Outbox { get; }

    internal RandomlyFullSocket Socket { get; }

    internal int DrainedCalls => Volatile.Read(ref _drainedCalls);

    public void WriterNeeded(bool isFull) => _writerNeeded.Set();

    public void Drained()
    {
        _takenWhenDrained = Socket.Taken;
        Interlocked.Increment(ref _drainedCalls);
        _drained.Set();
    }

    public void PeerGone() => throw new InvalidOperationException("the peer is not gone");

    public void Faulted(Exception cause) => throw new InvalidOperationException("an outbox has faulted", cause);

    public void SubscriptionEnded(Subscription subscription) => throw new InvalidOperationException("no subscription ends");

    public void SlowConsumer(Subscription subscription) => throw new InvalidOperationException("nobody is to be disconnected");

    public void Dispose()
    {
        _start.Dispose();
        _writerNeeded.Dispose();
        _drained.Dispose();
    }

    /// <summary>Runs all threads, and ends the connection at some moment; returns when all have ended.</summary>
    internal void Run(Action<Random> end)
    {
        var publishers = Enumerable.Range(0, Publishers).Select(i => _threads.Start(() => Publish(i))).ToList();
        _threads.Start(Write);
        _threads.Start(Grant);
        var random = new Random(_seed);
        _start.SignalAndWait();
        Thread.SpinWait(random.Next(1 << random.Next(16)));
        end(random);
        Assert.All(publishers, thread => Assert.True(thread.Join(Patience), $"seed {_seed}: a publisher waits forever"));
        _isOver = true;
        _writerNeeded.Set();
        _threads.Join($"seed {_seed}: ");
    }

    internal void AwaitDrained() => Assert.True(_drained.Wait(Patience), $"seed {_seed}: nobody was told that everything has left");

    internal void AssertEverythingReportedAndGoodbyeLast()
    {
        var received = Received.Parse(Socket.Received);
        Assert.Equal(FrameKind.Goodbye, received.Kinds[^1]);
        Assert.Single(received.Goodbyes);
        Assert.Equal((1, Socket.Taken), (DrainedCalls, _takenWhenDrained));
        var leftovers = Outbox.TakeLeftovers().SelectMany(leftover => leftover.Parcels).ToList();
        var dropped = 0ul;
        foreach (var (account, i) in _accounts.Select((account, i) => (account, i)))
        {
            var lost = account.TakeReceipt().Dropped;
            dropped += lost;
            var got = received.Deliveries.Count(delivery => delivery.Sender == account.Id);
            var left = leftovers.Where(parcel => parcel.Account == account).Sum(parcel => parcel.Count);
            Assert.Equal(_admitted[i], got + left + (long)lost);
        }

        Assert.Equal(dropped, received.Deliveries.Aggregate(0ul, (sum, delivery) => sum + delivery.Missed));
        foreach (var inOrder in received.Deliveries.Where(delivery => delivery.Missed == 0).GroupBy(delivery => (delivery.Sid, delivery.Sender)))
        {
            var numbers = inOrder.Select(delivery => int.Parse(delivery.Payload.Split('/')[0], CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
        }

        leftovers.ForEach(parcel => parcel.Release());
    }

    internal void AssertNothingKept()
    {
        Assert.False(Outbox.Append(Frames.Pong(1)));
        Assert.Null(Outbox.NextBatch());
        Outbox.Close();
        foreach (var parcel in Outbox.TakeLeftovers().SelectMany(leftover => leftover.Parcels)) parcel.Release();
        Assert.Equal((0, 0), (_pool.Leased, _memory.Bytes));
    }

    private void Publish(int number)
    {
        using var opened = new AutoResetEvent(false);
        var random = new Random((_seed * Publishers) + number);
        var gate = new PublisherGate(() => opened.Set());
        var holding = new HoldingSubscriptions();
        var recipient = new Recipient(Outbox, _subscriptions);
        _start.SignalAndWait();
        for (int run = 0, sent = 0; run < Runs; run++)
        {
            var count = random.Next(1, 8);
            using var messages = new TestRun(_pool, _accounts[number], [.. Enumerable.Range(sent, count).Select(i => Frames.Publish("s", $"{i}/{new string('x', random.Next(60))}"))]);
            sent += count;
            var flush = Outbox.Deliver(recipient, messages.Run, holding, out var deliveries, out _);
            _admitted[number] += deliveries;
            if (random.Next(8) == 0) flush |= Outbox.Append(Frames.Pong((ulong)run));
            if (flush) Outbox.Flush();
            if (holding.Count == 0) continue;
            gate.Arm();
            foreach (var subscription in holding) Outbox.Await(subscription, gate);
            holding.Clear();
            if (!gate.IsOpenAfterArming() && !opened.WaitOne(Patience)) throw new TimeoutException($"publisher {number} was never let go on");
        }
    }

    private void Write()
    {
        _start.SignalAndWait();
        while (!_isOver)
        {
            _writerNeeded.WaitOne(Patience);
            while (Outbox.NextBatch() is { } batch)
            {
                Socket.TrySend(batch, out var sent);
                Outbox.WriterSent(sent);
            }
        }
    }

    private void Grant()
    {
        var random = new Random(-_seed);
        _start.SignalAndWait();
        while (!_isOver)
        {
            Outbox.Grant(_subscriptions[random.Next(1, 3)], (ulong)random.Next(1, 30));
            Thread.Yield();
        }
    }

    private Subscription Subscribe(uint sid, SubscribeOptions options) => new(Outbox, sid, "s"u8.ToArray(), options, new PendingBound(1 << 20, 1 << 16));
}
