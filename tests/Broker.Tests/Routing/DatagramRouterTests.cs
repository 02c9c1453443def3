using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>Datagrams through the core: what is routed, what is refused as a whole, and that nobody waits.</summary>
public class DatagramRouterTests
{
    private readonly CoreBroker _broker = new(bound: new PendingBound(2000, 10));
    private readonly CoreConnection _subscriber;
    private readonly DatagramRouter _router;
    private readonly PublisherAccount _account;

    public DatagramRouterTests()
    {
        _subscriber = _broker.Connect();
        _subscriber.Send(Frames.Subscribe(1, ">"));
        _router = new DatagramRouter(new RunPublisher(_broker.Table, _broker.Pool, _broker.Limits), _broker.Kept, _broker.Limits);
        _account = new PublisherAccount(new Guid(7, 7, 7, new byte[8]), PeerAccess.OfBroker, _broker.Traffic);
    }

    [Fact]
    public void Every_message_of_a_datagram_is_delivered_in_order_from_its_sender()
    {
        Assert.Null(Send(Frames.Join(Frames.Publish("a", "1"), Frames.Publish("a", "2"), Frames.Publish("b", "3"), Frames.Publish("a", "4"))));

        var received = Received.Parse(_subscriber.Socket.TakeReceived());
        Assert.Equal("1:1 1:2 1:3 1:4", received.Log);
        Assert.All(received.Deliveries, d => Assert.Equal(_account.Id, d.Sender));
        Assert.Equal((4, 4), (_broker.Traffic.Published, _broker.Traffic.Matched));
    }

    [Fact]
    public void A_header_that_cannot_be_read_refuses_the_datagram()
    {
        Assert.NotNull(Send(Frames.Join(Frames.Publish("a", "1"), Frames.Publish("a", "2", (KnownHeaders.Expires, "soon")))));
        Assert.Equal("", _subscriber.Log());
    }

    [Fact]
    public void Several_datagrams_before_a_flush_are_sent_in_one_call()
    {
        var calls = _subscriber.Socket.Calls;
        for (var i = 0; i < 5; i++) Route(Frames.Publish("a", $"{i}"));
        _router.Flush();

        Assert.Equal(calls + 1, _subscriber.Socket.Calls);
        Assert.Equal("1:0 1:1 1:2 1:3 1:4", _subscriber.Log());
    }

    [Fact]
    public void Headers_of_datagrams_retain_delay_and_let_expire()
    {
        Assert.Null(Send(Frames.Join(
            Frames.Publish("a", "1"),
            Frames.Retained("a", "2"),
            Frames.Publish("a", "3", (KnownHeaders.Delay, "50")),
            Frames.Publish("a", "5", ("x", "y")))));
        Assert.Equal("1:1 1:2 1:5", _subscriber.Log());
        Assert.Equal(new Receipt(4, 3, 0), _account.TakeReceipt());
        _broker.Advance(50);
        Assert.Equal("1:3", _subscriber.Log());
        _subscriber.Send(Frames.Subscribe(2, "a"));
        Assert.Equal("2:retained 2", _subscriber.Log());
    }

    public static TheoryData<string, byte[]> Wrong => new()
    {
        { "empty", [] },
        { "ends within a frame", Frames.Publish("a", "hello")[..^1] },
        { "ends within a frame", Frames.Join(Frames.Publish("a", "1"), Frames.Publish("a", "2"), Frames.Publish("a", "3")[..4]) },
        { "holds a PING", Frames.Join(Frames.Publish("a", "1"), Frames.Ping(1)) },
        { "holds a HELLO", Frames.Hello() },
        { "", Frames.Join(Frames.Publish("a", "1"), [0xC1]) },
        { "", "text that is no frame"u8.ToArray() },
        { "$SYS.", Frames.Join(Frames.Publish("a", "1"), Frames.Publish("$SYS.stats", "forged")) },
        { "connection", Frames.Publish("_BROKER.drain", "") },
        { "", Frames.Publish("a..b", "x") },
        { "", Frames.Publish("a.*", "x") },
        { "", [0x95, 5, 0xA1, (byte)'a', 0xC0, 0xC0, 0xC6, 0xFF, 0xFF, 0xFF, 0xFF] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_datagram_with_anything_wrong_is_refused_as_a_whole(string reason, byte[] datagram)
    {
        var problem = Send(datagram);

        Assert.NotNull(problem);
        Assert.NotEmpty(problem);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
        Assert.Equal("", _subscriber.Log());
        Assert.Equal(0, _broker.Traffic.Published);
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Fact]
    public void A_datagram_cut_anywhere_but_between_messages_is_refused()
    {
        byte[][] frames = [Frames.Publish("a", "1"), Frames.Publish("b.c", "22"), Frames.Publish("a", "")];
        var whole = Frames.Join(frames);
        int[] ends = [frames[0].Length, frames[0].Length + frames[1].Length, whole.Length];
        for (var length = 1; length <= whole.Length; length++)
            Assert.Equal(ends.Contains(length), Send(whole[..length]) is null);
    }

    [Fact]
    public void A_subscriber_without_credit_drops_its_oldest_beyond_its_bound_and_holds_nobody()
    {
        _subscriber.Send(Frames.Unsubscribe(1), Frames.Subscribe(2, "s", new SubscribeOptions { Credit = 0 }));
        for (var i = 0; i < 50; i++) Assert.Null(Send(Frames.Publish("s", $"{i}")));

        _subscriber.Send(Frames.Credit(2, 1000));

        Assert.Equal("2:missed 40 " + string.Join(' ', Enumerable.Range(40, 10).Select(i => $"2:{i}")), _subscriber.Log());
    }

    [Theory]
    [InlineData("""{ allow = [connect], uid = 1000 }, { allow = [publish], uid = 1000, subjects = "log.>" }""", "log.a", true)]
    [InlineData("""{ allow = [connect], uid = 1000 }, { allow = [publish], uid = 1000, subjects = "log.>" }""", "other", false)]
    [InlineData("""{ allow = [publish], uid = 1000 }""", "log.a", false)]
    public void A_sender_needs_to_be_allowed_to_connect_and_to_publish_to_every_subject(string rules, string subject, bool isAllowed)
    {
        var denials = new DenialsOfTest();
        var access = new AccessTable(AccessOfTest.Policy(rules), denials).For(AccessOfTest.Peer(1000));
        var datagram = Frames.Join(Frames.Publish("log.first", "1"), Frames.Publish(subject, "2"));

        var problem = Send(datagram, new PublisherAccount(Guid.Empty, access, _broker.Traffic));

        Assert.Equal(isAllowed, problem is null);
        Assert.Equal(isAllowed ? "1:1 1:2" : "", _subscriber.Log());
        Assert.Equal(isAllowed ? 0 : 1, denials.Denied.Count);
    }

    [Fact]
    public void Random_bytes_never_fault()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var datagram = Frames.Join(Frames.Publish("a", new byte[random.Next(20)]), Frames.Publish("b", new byte[random.Next(20)]));
            for (var flips = random.Next(1, 4); flips > 0; flips--) datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
            Send(datagram[..random.Next(datagram.Length + 1)]);
        }

        _subscriber.Write();
        Received.Parse(_subscriber.Socket.TakeReceived());
        _subscriber.Close();
        Assert.Equal(0, _broker.Pool.Leased);
    }

    private string? Send(byte[] datagram, PublisherAccount? account = null)
    {
        var problem = Route(datagram, account);
        _router.Flush();
        return problem;
    }

    private string? Route(byte[] datagram, PublisherAccount? account = null)
    {
        var slab = _broker.Pool.Rent(datagram.Length + 3);
        datagram.CopyTo(slab.Bytes, 3);
        var problem = _router.Route(slab, 3, datagram.Length, account ?? _account);
        slab.Release();
        return problem;
    }
}
