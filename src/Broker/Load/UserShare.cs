using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Load;

/// <summary>
/// The resources that the connections of one user have taken together. A user is a uid as the kernel reports it; all peers whose uid the
/// kernel cannot name are one user. A resource is charged when it is taken and returned with the object that took it. Thread-safe.
/// </summary>
/// <param name="uid">The user; null when the kernel does not say.</param>
/// <param name="limits">The initial limits.</param>
/// <param name="broker">The meter of the whole broker.</param>
/// <param name="traffic">Counts how often a limit was hit; null where nobody counts.</param>
internal sealed class UserShare(uint? uid, UserLimits limits, MemoryMeter broker, Traffic? traffic = null)
{
    private readonly Dictionary<WildcardShape, int> _shapes = [];
    private volatile UserLimits _limits = limits;
    private volatile ReceiveAllowance? _receiving;
    private int _connections;
    private int _subscriptions;
    private int _systemSubscriptions;
    private int _requests;

    internal uint? Uid => uid;

    /// <summary>The limits in force.</summary>
    internal UserLimits Limits => _limits;

    /// <summary>Connections now.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    /// <summary>Subscriptions now, inboxes not counted.</summary>
    internal int Subscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>How many of them are below <c>$SYS.</c></summary>
    internal int SystemSubscriptions => Volatile.Read(ref _systemSubscriptions);

    /// <summary>Unanswered requests that are remembered of its connections now.</summary>
    internal int OpenRequests => Volatile.Read(ref _requests);

    /// <summary>Different wildcard shapes of the user's patterns now.</summary>
    internal int WildcardShapes
    {
        get
        {
            lock (_shapes) return _shapes.Count;
        }
    }

    /// <summary>The bytes that are held for the user.</summary>
    internal MemoryMeter Memory { get; } = new(broker, limits.MaxPendingBytes, () => traffic?.Hit(Limit.UsersMaxPending));

    /// <summary>
    /// The bytes of cached routes of subjects that the user publishes to. They do not wait to be sent, so they are counted separately.
    /// </summary>
    internal MemoryMeter Routes { get; } = new(null, limits.MaxRouteBytes, () => traffic?.Hit(Limit.UsersMaxRoutes));

    /// <summary>What may be read from the user, or null for any rate.</summary>
    internal ReceiveAllowance? Receiving => _receiving;

    /// <summary>Puts other limits in force. A user that has more than they allow keeps it and gets no more.</summary>
    internal void Use(UserLimits limits, ReceiveAllowance? receiving)
    {
        _limits = limits;
        _receiving = receiving;
        Memory.Bound = limits.MaxPendingBytes;
        Routes.Bound = limits.MaxRouteBytes;
    }

    internal bool TryTakeConnection() => TryTake(ref _connections, _limits.MaxConnections, Limit.UsersMaxConnections);

    /// <summary>True when that was the last one.</summary>
    internal bool ReturnConnection() => Return(ref _connections) == 0;

    internal bool TryTakeSubscription() => TryTake(ref _subscriptions, _limits.MaxSubscriptions, Limit.UsersMaxSubscriptions);

    internal void ReturnSubscription() => Return(ref _subscriptions);

    /// <summary>Takes one of the subscriptions below <c>$SYS.</c>, besides the subscription.</summary>
    internal bool TryTakeSystemSubscription() => TryTake(ref _systemSubscriptions, _limits.MaxSystemSubscriptions, Limit.UsersMaxSystemSubscriptions);

    internal void ReturnSystemSubscription() => Return(ref _systemSubscriptions);

    internal bool TryTakeRequest() => TryTake(ref _requests, _limits.MaxOpenRequests, Limit.UsersMaxOpenRequests);

    internal void ReturnRequests(int count) => Return(ref _requests, count);

    /// <summary>Takes the shape of a pattern; false when it is a new one and the user has as many as it may.</summary>
    internal bool TryTakeShape(WildcardShape shape)
    {
        if (shape.IsPlain) return true;
        lock (_shapes)
        {
            var patterns = _shapes.GetValueOrDefault(shape);
            if (patterns > 0 || _shapes.Count < _limits.MaxWildcardShapes)
            {
                _shapes[shape] = patterns + 1;
                return true;
            }
        }

        traffic?.Hit(Limit.UsersMaxWildcardShapes);
        return false;
    }

    internal void ReturnShape(WildcardShape shape)
    {
        if (shape.IsPlain) return;
        lock (_shapes)
        {
            var patterns = _shapes[shape] - 1;
            if (patterns == 0) _shapes.Remove(shape);
            else _shapes[shape] = patterns;
        }
    }

    private bool TryTake(ref int count, int max, Limit limit)
    {
        var taken = Volatile.Read(ref count);
        while (taken < max)
        {
            var seen = Interlocked.CompareExchange(ref count, taken + 1, taken);
            if (seen == taken) return true;
            taken = seen;
        }

        traffic?.Hit(limit);
        return false;
    }

    private static int Return(ref int count, int returned = 1)
    {
        var left = Interlocked.Add(ref count, -returned);
        return left >= 0 ? left : throw new InvalidOperationException("More was returned to a user's share than was taken from it.");
    }
}
