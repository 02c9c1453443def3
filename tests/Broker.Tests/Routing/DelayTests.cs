using UdsBroker.Broker.Access;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>Delayed messages through the whole core: when they are routed, to whom, in which order, and what the receipts say.</summary>
public sealed class DelayTests
{
    private readonly CoreBroker _broker = new();

    [Fact]
    public void A_delayed_message_goes_to_those_who_subscribe_when_it_is_due()
    {
        var (publisher, early, late) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        early.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Frames.Join(Delayed("a", "1", 100), Frames.Publish("a", "2")));
        early.Send(Frames.Unsubscribe(1));
        late.Send(Frames.Subscribe(7, "a"));
        Assert.Equal("1:2", early.Log());

        _broker.Advance(99);
        Assert.Equal("", late.Log());
        _broker.Advance(1);
        var delivery = Assert.Single(Received.Parse(late.Socket.TakeReceived()).Deliveries);
        Assert.Equal(("7:1", publisher.Id), (delivery.ToString(), delivery.Sender));
        Assert.Equal(Delayed("a", "1", 100), delivery.Frame);
        Assert.Equal("", early.Log());
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Fact]
    public void It_counts_as_published_when_it_is_accepted_and_as_matched_in_a_later_receipt()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"), Frames.Subscribe(2, "*"));
        publisher.Send(Delayed("a", "1", 100));
        Assert.Equal(new Receipt(1, 0, 0), publisher.Account.TakeReceipt());
        _broker.Advance(100);
        Assert.Equal(new Receipt(0, 2, 0), publisher.Account.TakeReceipt());
        Assert.Equal(new Receipt(0, 0, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Messages_are_routed_in_the_order_of_their_due_times_and_then_of_their_arrival()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Delayed("a", "3", 30), Delayed("a", "1", 10), Delayed("a", "2", 20), Delayed("a", "4", 30), Delayed("a", "0", 0));
        Assert.Equal("1:0", subscriber.Log());
        _broker.Advance(1000);
        Assert.Equal("1:1 1:2 1:3 1:4", subscriber.Log());
    }

    [Fact]
    public void It_is_routed_also_when_its_publisher_is_gone()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Delayed("a", "1", 100));
        publisher.Close();
        _broker.Advance(100);
        var delivery = Assert.Single(Received.Parse(subscriber.Socket.TakeReceived()).Deliveries);
        Assert.Equal(("1:1", publisher.Id), (delivery.ToString(), delivery.Sender));
    }

    [Fact]
    public void When_there_is_no_room_the_publisher_is_told_and_nothing_is_routed()
    {
        var broker = new CoreBroker(delayed: new DelayBounds(1, 10_000, 1000));
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Frames.Join(Delayed("a", "1", 100), Delayed("a", "2", 50), Delayed("a", "3", 50), Frames.Ping(1)));
        var received = Received.Parse(publisher.Socket.TakeReceived());
        var error = Assert.Single(received.Errors);
        Assert.Equal((ErrorCode.DelayedFull, "a"), (error.Code, error.Context!["subject"]));
        Assert.Contains("at most 1 of 10000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(new Receipt(1, 0, 0), Assert.Single(received.Pongs).Receipt);
        broker.Advance(1000);
        Assert.Equal("1:1", subscriber.Log());
        publisher.Send(Delayed("a", "4", 1));
        broker.Advance(1);
        Assert.Equal("1:4", subscriber.Log());
    }

    [Fact]
    public void The_bytes_that_may_wait_are_bounded_too()
    {
        var broker = new CoreBroker(delayed: new DelayBounds(100, Delayed("a", "1", 10).Length, 1000));
        var publisher = broker.Connect();
        publisher.Send(Delayed("a", "1", 10), Delayed("a", "2", 10));
        Assert.Equal(ErrorCode.DelayedFull, Assert.Single(Received.Parse(publisher.Socket.TakeReceived()).Errors).Code);
    }

    [Fact]
    public void A_delayed_message_that_is_to_be_retained_is_retained_from_then_on()
    {
        var (publisher, before, after) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        publisher.Send(Frames.Publish("a", "1", (KnownHeaders.Retain, "1"), (KnownHeaders.Delay, "100")));
        before.Send(Frames.Subscribe(1, "a"));
        Assert.Equal("", before.Log());
        _broker.Advance(100);
        after.Send(Frames.Subscribe(1, "a"));
        Assert.Equal("1:1", before.Log());
        Assert.Equal("1:retained 1", after.Log());
    }

    [Fact]
    public void A_message_that_expires_while_it_is_delayed_is_dropped_and_accounted()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Frames.Publish("a", "1", (KnownHeaders.Expires, "100"), (KnownHeaders.Delay, "100"), (KnownHeaders.Retain, "1")));
        publisher.Send(Frames.Publish("a", "2", (KnownHeaders.Expires, "101"), (KnownHeaders.Delay, "100")));
        _broker.Advance(100);
        Assert.Equal("1:2", subscriber.Log());
        Assert.Equal(new Receipt(2, 2, 1, 1), publisher.Account.TakeReceipt());
        Assert.Equal(1, _broker.Traffic.DroppedFor(DropReason.Expired));
    }

    [Fact]
    public void The_asker_of_a_delayed_request_is_told_when_it_is_due_that_nobody_subscribes()
    {
        var asker = _broker.Connect();
        var gone = $"_INBOX.{Guid.Empty}.x";
        asker.Send(Asking("a", $"_INBOX.{asker.Id}.1"), Asking("a", "elsewhere"), Asking("a", ""), Asking(gone, ""), Asking(gone, $"_INBOX.{asker.Id}.2"));
        Assert.Empty(Errors(asker));

        _broker.Advance(100);
        Assert.Equal(
            [$"NoResponders a _INBOX.{asker.Id}.1", "NoResponders a elsewhere", $"GoneIdentity {gone}", $"GoneIdentity {gone} _INBOX.{asker.Id}.2"],
            Errors(asker));
        Assert.Equal(new Receipt(5, 0, 0), asker.Account.TakeReceipt());
    }

    [Fact]
    public void The_asker_of_a_delayed_request_is_told_of_the_end_of_its_responders_unless_one_has_answered()
    {
        var (asker, one, two) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        one.Send(Frames.Subscribe(1, "*"));
        two.Send(Frames.Subscribe(1, "a"));
        asker.Send(Asking("a", $"_INBOX.{asker.Id}.1"), Asking("a", $"_INBOX.{asker.Id}.2"), Asking("b", $"_INBOX.{asker.Id}.3"), Asking("a", "elsewhere"));
        _broker.Advance(100);
        two.Send(Frames.Publish($"_INBOX.{asker.Id}.2", "an answer"));
        two.Close();
        Assert.Empty(Errors(asker));

        one.Close();
        Assert.Equal([$"ResponderGone a _INBOX.{asker.Id}.1", $"ResponderGone b _INBOX.{asker.Id}.3"], Errors(asker));
    }

    [Fact]
    public void An_asker_that_has_left_by_then_is_told_nothing()
    {
        var asker = _broker.Connect();
        asker.Send(Asking("a", $"_INBOX.{asker.Id}.1"));
        asker.Close();
        _broker.Advance(100);
        Assert.Empty(Errors(asker));
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Fact]
    public void A_message_that_is_denied_when_it_is_due_is_not_routed_and_its_publisher_is_told()
    {
        var table = new AccessTable(AccessOfTest.Policy("", "allow"), new DenialsOfTest());
        var (publisher, subscriber) = (_broker.Connect(table.For(AccessOfTest.Peer(1000))), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Asking("a", ""), Asking("a", $"_INBOX.{publisher.Id}.1"));
        table.Current = AccessOfTest.Policy("");
        _broker.Advance(100);

        Assert.Equal("", subscriber.Log());
        Assert.Equal(["NotAllowed a", $"NotAllowed a _INBOX.{publisher.Id}.1"], Errors(publisher));
    }

    [Fact]
    public void A_subject_that_breaks_the_rules_is_refused_at_once()
    {
        var publisher = _broker.Connect();
        publisher.Send(Delayed("a..b", "1", 10), Delayed("$SYS.x", "1", 10));
        Assert.Equal([ErrorCode.BadSubject, ErrorCode.ReservedSubject], Received.Parse(publisher.Socket.TakeReceived()).Errors.Select(e => e.Code));
        Assert.Equal((0, 0L), _broker.Kept.Delayed.Waiting);
    }

    [Fact]
    public void The_owner_is_woken_only_by_a_message_that_is_due_earlier()
    {
        var woken = 0;
        var store = _broker.Kept.Delayed;
        store.Connect(() => woken++);
        var publisher = _broker.Connect();
        publisher.Send(Delayed("a", "1", 100));
        Assert.Equal((1, _broker.Clock.Milliseconds + 100), (woken, store.NextDue));
        publisher.Send(Delayed("a", "2", 100), Delayed("a", "3", 200));
        Assert.Equal(1, woken);
        publisher.Send(Delayed("a", "4", 50));
        Assert.Equal((2, _broker.Clock.Milliseconds + 50), (woken, store.NextDue));
        Assert.Equal(4, store.Clear());
        Assert.Null(store.NextDue);
        Assert.Equal(0, _broker.Pool.Leased);
    }

    private static string[] Errors(CoreConnection connection) =>
        [.. Received.Parse(connection.Socket.TakeReceived()).Errors.Select(e => string.Join(' ', (string[])[$"{e.Code}", .. e.Context!.Values]))];

    private static byte[] Asking(string subject, string reply) => Frames.Publish(subject, "x"u8.ToArray(), reply, [(KnownHeaders.Delay, "100")]);

    private static byte[] Delayed(string subject, string payload, int milliseconds) => Frames.Publish(subject, payload, (KnownHeaders.Delay, $"{milliseconds}"));
}
