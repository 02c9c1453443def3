using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>What the broker holds and for whom, against what the settings allow: the bytes of all, the shares of users. Thread-safe.</summary>
internal sealed class BrokerLoad
{
    private readonly ConnectionSettings _connections;

    internal BrokerLoad(BrokerSettings settings)
    {
        _connections = settings.Connections;
        Memory = new MemoryMeter(null, settings.Memory.Budget, () => Exceeded?.Invoke());
        var users = settings.Users;
        Users = new UserShares(new UserLimits(users.MaxConnections, users.MaxSubscriptions, users.MaxPending, users.ReceiveRate), Memory);
    }

    /// <summary>Called, on any thread, whenever bytes are entered beyond the budget; set by the one who sheds.</summary>
    internal Action? Exceeded { get; set; }

    /// <summary>The bytes that are held for all clients; its bound is the budget.</summary>
    internal MemoryMeter Memory { get; }

    /// <summary>What each connected user has taken.</summary>
    internal UserShares Users { get; }

    /// <summary>What bounds the reading of a connection with that share.</summary>
    internal ReceiveBounds BoundsOf(ConnectionShare share) => new(
        share.Memory, ReceiveAllowance.Of(_connections.ReceiveRate), share.User.Receiving, _connections.FrameTimeout);
}
