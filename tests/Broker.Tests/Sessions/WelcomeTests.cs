using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Sessions;

/// <summary>WELCOME is the first frame of the broker, whatever the client sends after its HELLO without waiting for it.</summary>
public class WelcomeTests
{
    private readonly CoreBroker _broker = new();

    [Fact]
    public void Refusals_of_what_follows_hello_come_after_welcome_in_their_order()
    {
        var connection = _broker.Accept();
        connection.Send(Frames.Join([Frames.Hello(), Frames.Subscribe(1, "a..b"), Frames.Subscribe(2, "a"), Frames.Unsubscribe(9), Frames.Ping(7)]));

        var received = Received.Parse(connection.Socket.TakeReceived());
        Assert.Equal([FrameKind.Welcome, FrameKind.Error, FrameKind.Error, FrameKind.Pong], received.Kinds);
        Assert.Equal([ErrorCode.BadPattern, ErrorCode.UnknownSid], received.Errors.Select(error => error.Code));
    }

    [Fact]
    public void A_wrong_option_of_hello_is_reported_after_welcome_and_the_connection_lives()
    {
        var connection = _broker.Accept();
        byte[] hello = [0x93, 1, 1, 0x82, 0xA4, .. "name"u8, 5, 0xA4, .. "lang"u8, 0xA1, (byte)'c'];
        connection.Send(Frames.Join([hello, Frames.Subscribe(1, "a"), Frames.Publish("a", "x"), Frames.Ping(7)]));

        var received = Received.Parse(connection.Socket.TakeReceived());
        Assert.Equal([FrameKind.Welcome, FrameKind.Error, FrameKind.Deliver, FrameKind.Pong], received.Kinds);
        Assert.Equal((ErrorCode.BadOption, "HELLO: the option name must be a str"), (received.Errors[0].Code, received.Errors[0].Message));
        Assert.Equal("c", connection.Client.Hello!.Lang);
    }

    [Fact]
    public void Messages_to_the_inbox_of_a_client_before_its_welcome_come_after_it_and_no_publisher_waits_any_longer()
    {
        var (greeter, newcomer) = (_broker.Connect(), _broker.Accept());
        newcomer.InForce = () => greeter.Send(Frames.Publish($"_INBOX.{newcomer.Id}.hi", "hello"), Frames.Publish($"_INBOX.{newcomer.Id}.hi", "again"));
        byte[] hello = [0x93, 1, 1, 0x81, 0xA4, .. "name"u8, 5];
        newcomer.Send(hello);

        var received = Received.Parse(newcomer.Socket.TakeReceived());
        Assert.Equal([FrameKind.Welcome, FrameKind.Error, FrameKind.Deliver], received.Kinds);
        Assert.Equal("0:hello", received.Log);
        greeter.Resume();
        Assert.Equal("0:again", newcomer.Log());
        Assert.Equal(new Receipt(2, 2, 0), greeter.Account.TakeReceipt());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_whose_connection_ends_before_its_welcome_gets_only_goodbye_and_its_publishers_the_drop(bool givesMemoryUp)
    {
        var (greeter, newcomer) = (_broker.Connect(), _broker.Accept());
        newcomer.InForce = () =>
        {
            greeter.Send(Frames.Publish($"_INBOX.{newcomer.Id}.hi", "hello"));
            if (givesMemoryUp) newcomer.Outbox.Shed(Frames.Goodbye("full"));
            else newcomer.Outbox.Drain(Frames.Goodbye("over"));
            newcomer.Write();
        };
        newcomer.Send(Frames.Hello());

        Assert.Equal([FrameKind.Goodbye], Received.Parse(newcomer.Socket.TakeReceived()).Kinds);
        Assert.False(greeter.IsHeldBack);
        Assert.Equal(new Receipt(1, 1, 1), greeter.Account.TakeReceipt());
    }

    [Fact]
    public void A_message_for_more_subscriptions_than_a_deliver_can_name_comes_once_for_each_of_them()
    {
        var connection = _broker.Connect();
        var sids = Enumerable.Range(1, (2 * Limits.MaxDeliverSids) + 1).Select(sid => (uint)sid).ToArray();
        connection.Send(sids.Select(sid => Frames.Subscribe(sid, ">")));
        connection.Send(Frames.Join([Frames.Publish("a", "x"), Frames.Publish("a", "y")]));

        var received = Received.Parse(connection.Socket.TakeReceived());
        Assert.Equal(sids, received.Deliveries.Where(delivery => delivery.Payload == "x").Select(delivery => delivery.Sid).Order());
        Assert.Equal(sids, received.Deliveries.Where(delivery => delivery.Payload == "y").Select(delivery => delivery.Sid).Order());
        Assert.Equal(new Receipt(2, 2 * (ulong)sids.Length, 0), connection.Account.TakeReceipt());
    }
}
