using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>Which subscription is told of which client, through the whole core: of each client once, whether it connected before or later.</summary>
public sealed class ClientPresenceTests
{
    private readonly CoreBroker _broker = new();

    [Fact]
    public void A_new_subscription_is_told_of_all_connected_clients_in_the_order_of_their_connects()
    {
        var (first, watcher, third) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        watcher.Send(Frames.Subscribe(1, SystemSubjects.Clients));

        var told = Received.Parse(watcher.Socket.TakeReceived()).Deliveries;
        Assert.Equal([first.Client.Connected(), watcher.Client.Connected(), third.Client.Connected()], told.Select(delivery => delivery.Frame));
        Assert.All(told, delivery => Assert.True(delivery.IsRetained));
        Assert.All(told, delivery => Assert.Equal(Guid.Empty, delivery.Sender));
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Fact]
    public void A_later_client_is_announced_before_it_is_welcomed()
    {
        var watcher = _broker.Connect();
        watcher.Send(Frames.Subscribe(1, SystemSubjects.ConnectedClients));
        watcher.Socket.TakeReceived();

        var late = _broker.Accept();
        Assert.Equal("", watcher.Log());
        late.Send(Frames.Hello());
        var told = Assert.Single(Received.Parse(watcher.Socket.TakeReceived()).Deliveries);
        Assert.Equal(late.Client.Connected(), told.Frame);
        Assert.False(told.IsRetained);
    }

    [Fact]
    public void A_pattern_that_names_one_client_finds_that_one()
    {
        var (wanted, watcher) = (_broker.Connect(), _broker.Connect());
        watcher.Send(Frames.Subscribe(1, SystemSubjects.Connected(wanted.Id)), Frames.Subscribe(2, "$SYS.*.*.connected"));
        watcher.Send(Frames.Subscribe(3, "$SYS.stats"), Frames.Subscribe(4, ">"));
        _broker.Connect();

        var told = Received.Parse(watcher.Socket.TakeReceived()).Deliveries;
        Assert.Equal([1u, 2u, 2u, 2u], told.Select(delivery => delivery.Sid));
        Assert.Equal(wanted.Client.Connected(), told[0].Frame);
    }

    [Theory]
    [InlineData("$SYS.stats")]
    [InlineData("$SYS.interest.orders")]
    [InlineData("$SYS.interest.orders.eu.created")]
    [InlineData("$SYS.client.00000000-0000-7000-8000-000000000001.connected")]
    [InlineData("$SYS.client.00000000-0000-7000-8000-000000000001.>")]
    public void A_pattern_that_is_for_no_client_or_one_costs_the_same_however_many_there_are(string pattern)
    {
        var watcher = _broker.Connect();
        var alone = AllocatedFor(watcher, pattern);
        for (var i = 0u; i < 2000; i++) _broker.Connect(uid: 1 + (i / 500));
        Assert.InRange(AllocatedFor(watcher, pattern), 0, alone + 4096); // among many inboxes the path that a change copies is longer
    }

    private static long AllocatedFor(CoreConnection watcher, string pattern) => Allocation.Least(5, _ =>
    {
        watcher.Send(Frames.Subscribe(1, pattern));
        watcher.Send(Frames.Unsubscribe(1));
    });

    [Fact]
    public void A_client_whose_connection_has_ended_is_not_announced_even_before_the_router_knows()
    {
        var (gone, leaving, watcher) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        gone.Close();
        leaving.Client.HasLeft = true;
        watcher.Send(Frames.Subscribe(1, SystemSubjects.Clients));
        Assert.Equal(watcher.Client.Connected(), Assert.Single(Received.Parse(watcher.Socket.TakeReceived()).Deliveries).Frame);
    }

    [Fact]
    public void A_subscription_without_retained_messages_is_told_only_of_later_clients()
    {
        var watcher = _broker.Connect();
        watcher.Send(Frames.Subscribe(1, SystemSubjects.Clients, new SubscribeOptions { Retained = false }));
        Assert.Equal("", watcher.Log());
        var late = _broker.Connect();
        Assert.Equal(late.Client.Connected(), Assert.Single(Received.Parse(watcher.Socket.TakeReceived()).Deliveries).Frame);
    }

    [Fact]
    public void A_client_in_the_same_batch_as_a_subscription_is_announced_to_it_once()
    {
        var (watcher, late) = (_broker.Connect(), _broker.Accept());
        var subscription = Subscription(watcher, 1, SystemSubjects.Clients);
        var inbox = Subscription(late, ReservedSubjects.InboxSid, $"_INBOX.{late.Id}.>", late.Client);
        _broker.Apply([new RoutingChange(inbox, Begins: true), new RoutingChange(subscription, Begins: true)]);

        var told = Received.Parse(watcher.Socket.TakeReceived()).Deliveries;
        Assert.Equal([watcher.Client.Connected(), late.Client.Connected()], told.Select(delivery => delivery.Frame));
        Assert.Equal([true, false], told.Select(delivery => delivery.IsRetained));
    }

    private Subscription Subscription(CoreConnection connection, uint sid, string pattern, IClientRecord? client = null) =>
        new(connection.Outbox, sid, System.Text.Encoding.UTF8.GetBytes(pattern), SubscribeOptions.None, _broker.Bound) { Client = client };
}
