using System.Net.Sockets;
using Akka.Actor;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>The limits that decide whether a connection is admitted, on real sockets: what is counted, and what a refused peer is told.</summary>
public sealed class LimitHitOfListenerTests
{
    internal static readonly Limit[] Tried = [Limit.ConnectionsMax, Limit.ListenerAcceptRate, Limit.ListenerAcceptPause, Limit.MemoryBudget];

    [Fact]
    public async Task A_connection_beyond_what_the_broker_has_room_for_is_counted()
    {
        await using var broker = await BrokerInProcess.StartAsync(connections: 1);
        using var first = await broker.ConnectAsync();
        using var second = RawClient.Open(broker.Socket);

        Assert.Equal(CloseReason.TooManyConnections, (await second.ExpectGoodbyeAsync()).Reason);
        Assert.Equal(1, broker.Context.Traffic.HitsOf(Limit.ConnectionsMax));
        Assert.Contains("\"limits\":{\"connections.max\":1}", (await first.AskAsync("stats")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waits_for_the_next_second_and_for_descriptors_are_counted()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.listener.accept-rate=1");
        using var first = await broker.ConnectAsync();
        using var second = await broker.ConnectAsync();
        Assert.InRange(broker.Context.Traffic.HitsOf(Limit.ListenerAcceptRate), 1, 2);

        (await broker.FindAsync("listeners/main")).Tell(new Status.Failure(new AcceptException(AcceptFailure.BackOff, new SocketException((int)SocketError.TooManyOpenSockets))));
        using var third = await broker.ConnectAsync();
        Assert.Equal(1, broker.Context.Traffic.HitsOf(Limit.ListenerAcceptPause));
    }

    [Fact]
    public async Task Above_five_sixths_of_the_budget_a_heavy_user_gets_no_new_connection_others_do_and_none_is_shed()
    {
        await using var broker = await BrokerInProcess.StartAsync(RealUser.OpenToAll, "udsbroker.access.default=allow", "udsbroker.memory.budget=6 MiB");
        using var first = await broker.ConnectAsync();
        var held = broker.Context.Load.Users.TryConnect(first.Info.Uid)!.Memory;
        held.Add(5 << 20);
        using var second = await broker.ConnectAsync();
        held.Add(1);

        using (var third = RawClient.Open(broker.Socket))
        {
            var goodbye = await third.ExpectGoodbyeAsync();
            Assert.Equal(
                (CloseReason.Overloaded,
                    "the broker holds 5242881 bytes for its clients, 5242881 of them for this user, more than an even share; nobody new of it is let in beyond 5242880, "
                    + "five sixths of udsbroker.memory.budget"),
                (goodbye.Reason, goodbye.Message));
        }

        using var other = await new RealUser(3001, 3001).ConnectAsync(broker);
        held.Add(-1);
        using var fourth = await broker.ConnectAsync();
        await first.FenceAsync();
        await second.FenceAsync();
        Assert.Equal(1, broker.Context.Traffic.HitsOf(Limit.MemoryBudget));
        held.Add(-5 << 20);
    }

    [Fact]
    public async Task A_user_who_connects_too_often_is_turned_away_and_takes_nothing_from_others()
    {
        await using var broker = await BrokerInProcess.StartAsync(
            RealUser.OpenToAll, "udsbroker.access.default=allow", "udsbroker.users.connect-rate=1", "udsbroker.listener.accept-rate=4");
        var (eager, other) = (new RealUser(3001, 3001), new RealUser(3002, 3002));
        var turnedAway = 0;
        using var first = await eager.ConnectAsync(broker);
        while (turnedAway < 5)
        {
            using var again = eager.Open(broker); // if that took a second it is admitted, and sends nothing
            var goodbye = await again.ExpectGoodbyeAsync();
            if (goodbye.Reason == CloseReason.HandshakeTimeout) continue;
            turnedAway++;
            Assert.Equal(
                (CloseReason.TooManyConnections, "this user has connected 1 times within a second, and more are not allowed (udsbroker.users.connect-rate)"),
                (goodbye.Reason, goodbye.Message));
        }

        using var second = await other.ConnectAsync(broker);
        await first.FenceAsync();
        Assert.Equal(turnedAway, broker.Context.Traffic.HitsOf(Limit.UsersConnectRate));
        Assert.Equal(0, broker.Context.Traffic.HitsOf(Limit.ListenerAcceptRate));
    }
}
