namespace UdsBroker.Client;

/// <summary>
/// Decides when silence means death: a pure state machine over ticks. A tick at which something was received since the last one is a sign of life.
/// After a silent interval a PING goes out; when as many PINGs as allowed stay without any sign of life, the broker counts as dead. A tick that
/// comes far too late means that this process itself was stopped or suspended: what the broker did meanwhile is still unread, so it is not judged.
/// </summary>
internal sealed class KeepAlive(TimeSpan interval, int maxPingsOut)
{
    private long _received;
    private int _pingsOut;

    /// <summary>One tick.</summary>
    /// <param name="received">A number that grows with everything received.</param>
    /// <param name="sinceLastTick">The time since the last tick, by a monotonic clock.</param>
    public KeepAliveStep Tick(long received, TimeSpan sinceLastTick)
    {
        bool isAlive = received != _received;
        bool wasStopped = sinceLastTick > interval * 2;
        _received = received;
        if (isAlive)
        {
            _pingsOut = 0;
            return KeepAliveStep.Nothing;
        }

        if (_pingsOut >= maxPingsOut && !wasStopped) return KeepAliveStep.Dead;
        _pingsOut++;
        return KeepAliveStep.SendPing;
    }
}

/// <summary>What to do at a tick of a <see cref="KeepAlive"/>.</summary>
internal enum KeepAliveStep : byte
{
    /// <summary>The broker lives.</summary>
    Nothing,

    /// <summary>Ask for a sign of life.</summary>
    SendPing,

    /// <summary>End the connection: it is stale.</summary>
    Dead,
}
