using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>
/// The functional core as the actors and streams put it together, on one thread and without either: what happens is what the test
/// does, in its order.
/// </summary>
internal sealed class CoreBroker
{
    private int _made;

    internal CoreBroker(
        int slabBytes = 4096,
        int highWatermark = 1 << 16,
        int lowWatermark = 1 << 14,
        PendingBound? bound = null,
        int maxPacket = int.MaxValue,
        RetainedBounds? retained = null,
        DelayBounds? delayed = null,
        UserLimits? users = null,
        int maxOpenRequests = 50,
        Limits? limits = null)
    {
        Limits = limits ?? Limits.Default;
        Pool = new SlabPool(slabBytes);
        OutboxLimits = new OutboxLimits(highWatermark, lowWatermark, Limits, maxPacket) { MaxOpenRequests = maxOpenRequests };
        Users = new UserShares(users ?? new UserLimits(1000, 100_000, 1L << 40, 0), Memory, Clock, Traffic);
        Bound = bound ?? new PendingBound(1 << 20, 1 << 16);
        Kept = new KeptMessages(
            new RetainedStore(Table, Pool, Limits, Clock, retained ?? new RetainedBounds(100, 10_000)),
            new DelayStore(delayed ?? new DelayBounds(100, 10_000, 1_000_000), Pool),
            Clock)
        {
            Traffic = Traffic,
        };
        var account = new PublisherAccount(Guid.Empty, PeerAccess.OfBroker, Traffic);
        Changes = new SubscriptionChanges(Table, Kept.Retained, new InterestTable(), new RunPublisher(Table, Pool, Limits), Pool, account);
    }

    internal FakeClock Clock { get; } = new();

    internal SlabPool Pool { get; }

    internal Limits Limits { get; }

    internal OutboxLimits OutboxLimits { get; }

    internal PendingBound Bound { get; }

    internal KeptMessages Kept { get; }

    /// <summary>How subscriptions begin and end.</summary>
    internal SubscriptionChanges Changes { get; }

    internal Traffic Traffic { get; } = new();

    /// <summary>The bytes that are held for all connections.</summary>
    internal MemoryMeter Memory { get; } = new(null, long.MaxValue);

    internal UserShares Users { get; }

    internal RoutingTable Table { get; } = new(0x5EED);

    /// <summary>A connection that has said HELLO and read WELCOME.</summary>
    /// <param name="access">What it may do; null for everything.</param>
    /// <param name="uid">Its user.</param>
    internal CoreConnection Connect(PeerAccess? access = null, uint uid = 0)
    {
        var connection = Accept(access, uid);
        connection.Send(Frames.Hello());
        Assert.Single(Received.Parse(connection.Socket.TakeReceived()).Welcomes);
        return connection;
    }

    /// <summary>A connection that has not sent anything yet.</summary>
    internal CoreConnection Accept(PeerAccess? access = null, uint uid = 0) =>
        new(this, new Guid(++_made, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1), access ?? AccessOfTest.Everything(uid), new ConnectionShare(Users.TryConnect(uid)!));

    /// <summary>Time passes, and what is due by then is routed.</summary>
    internal void Advance(long milliseconds)
    {
        Clock.Advance(milliseconds);
        new DueMessages(Kept, new RunPublisher(Table, Pool, Limits), Table, Limits).Route(int.MaxValue);
    }

    /// <summary>What the broker does with the will of a connection that has ended other than in order; returns the account of the message.</summary>
    internal PublisherAccount PublishWill(CoreConnection ended)
    {
        var account = new PublisherAccount(ended.Id, ended.Account.Access, Traffic);
        if (ended.Session.Will is { } will) new RunPublisher(Table, Pool, Limits).PublishWithDirectives(account, will, Kept);
        return account;
    }

    /// <summary>The frames of all leftovers: messages that waited for a subscription when it ended and that others can take.</summary>
    internal HashSet<byte[]> LeftBehind { get; } = new(SubjectBytes.Comparer);

    internal void RecordLeftBehind(in Run run)
    {
        for (var bytes = run.Bytes; bytes.Length > 0;)
        {
            var head = FrameCut.Head(bytes, Limits);
            LeftBehind.Add(bytes[..head.Length].ToArray());
            bytes = bytes[head.Length..];
        }
    }

    /// <summary>Applies the changes, in as many turns as the router takes.</summary>
    internal void Apply(IReadOnlyList<RoutingChange> changes)
    {
        for (var next = 0; next < changes.Count;) next = Changes.Apply(changes, next);
    }
}
