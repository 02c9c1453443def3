using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>What the broker holds and for whom, against what the settings allow: the bytes of all, the shares of users. Thread-safe.</summary>
internal sealed class BrokerLoad
{
    private readonly ConnectionSettings _connections;

    /// <param name="settings">What is allowed.</param>
    /// <param name="clock">The time by which rates are paid.</param>
    internal BrokerLoad(BrokerSettings settings, IMonotonicClock clock)
    {
        _connections = settings.Connections;
        Memory = new MemoryMeter(null, settings.Memory.Budget, () => Exceeded?.Invoke());
        Users = new UserShares(LimitsOf(settings.Users), Memory, clock);
    }

    /// <summary>Called, on any thread, whenever bytes are entered beyond the budget; set by the one who sheds.</summary>
    internal Action? Exceeded { get; set; }

    /// <summary>The bytes that are held for all clients; its bound is the budget.</summary>
    internal MemoryMeter Memory { get; }

    /// <summary>What each connected user has taken.</summary>
    internal UserShares Users { get; }

    /// <summary>Puts other limits of users in force.</summary>
    internal void Use(UserSettings users) => Users.Limits = LimitsOf(users);

    /// <summary>What bounds the reading of a connection with that share.</summary>
    internal ReceiveBounds BoundsOf(ConnectionShare share) => new(
        share.Memory, ReceiveAllowance.Of(_connections.ReceiveRate), share.User, _connections.FrameTimeout);

    private static UserLimits LimitsOf(UserSettings users) => new(users.MaxConnections, users.MaxSubscriptions, users.MaxPending, users.ReceiveRate)
    {
        MaxWildcardShapes = users.MaxWildcardShapes,
        MaxRouteBytes = users.MaxRoutes,
        MaxOpenRequests = users.MaxOpenRequests == 0 ? int.MaxValue : users.MaxOpenRequests,
    };
}
