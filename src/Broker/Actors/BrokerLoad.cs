using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// The broker's load against what the settings allow: traffic counts, the bytes held for all clients, and the shares of users. Thread-safe.
/// </summary>
internal sealed class BrokerLoad
{
    private readonly ConnectionSettings _connections;

    /// <param name="settings">What is allowed.</param>
    /// <param name="clock">The time by which rates are paid.</param>
    internal BrokerLoad(BrokerSettings settings, IMonotonicClock clock)
    {
        _connections = settings.Connections;
        Memory = new MemoryMeter(null, settings.Memory.Budget, () => Exceeded?.Invoke());
        Users = new UserShares(LimitsOf(settings.Users), Memory, clock, Traffic);
    }

    /// <summary>Called, on any thread, whenever bytes are charged beyond the budget; set by the actor that sheds load.</summary>
    internal Action? Exceeded { get; set; }

    /// <summary>What was counted since the start.</summary>
    internal Traffic Traffic { get; } = new();

    /// <summary>The bytes that are held for all clients; its bound is the budget.</summary>
    internal MemoryMeter Memory { get; }

    /// <summary>What each connected user has taken.</summary>
    internal UserShares Users { get; }

    /// <summary>
    /// Five sixths of the budget, up to which every new connection is admitted. The last sixth is for existing connections. When that is
    /// exhausted, connections are shed until this level is reached again; otherwise the next ones would have to be shed at once.
    /// </summary>
    internal long AdmissionLimit => Memory.Bound / 6 * 5;

    /// <summary>
    /// Why no new connection of this user is admitted, or null. Users that hold an even share or less are admitted up to the budget, so
    /// that no other user can keep them out.
    /// </summary>
    internal string? FindShortage(UserShare user)
    {
        var (held, most) = (Memory.Bytes, AdmissionLimit);
        if (held <= most) return null;
        if (Memory.IsExceeded) return $"the broker holds {held} bytes for its clients; at most {Memory.Bound} are allowed (udsbroker.memory.budget)";
        return user.Memory.Bytes <= most / Users.Count
            ? null
            : $"the broker holds {held} bytes for its clients, {user.Memory.Bytes} of them for this user, more than an even share; nobody new of it is let in beyond {most}, "
                + "five sixths of udsbroker.memory.budget";
    }

    /// <summary>Puts other limits of users in force.</summary>
    internal void Use(UserSettings users) => Users.Limits = LimitsOf(users);

    /// <summary>The receive bounds of a connection with this share.</summary>
    internal ReceiveBounds BoundsOf(ConnectionShare share) => new(
        share.Memory, ReceiveAllowance.Of(_connections.ReceiveRate), share.User, _connections.FrameTimeout, Traffic);

    private static UserLimits LimitsOf(UserSettings users) => new(users.MaxConnections, users.MaxSubscriptions, users.MaxPending, users.ReceiveRate)
    {
        MaxSystemSubscriptions = users.MaxSystemSubscriptions,
        MaxWildcardShapes = users.MaxWildcardShapes,
        MaxRouteBytes = users.MaxRoutes,
        MaxConnectsPerSecond = users.ConnectRate == 0 ? int.MaxValue : users.ConnectRate,
        MaxOpenRequests = users.MaxOpenRequests == 0 ? int.MaxValue : users.MaxOpenRequests,
    };
}
