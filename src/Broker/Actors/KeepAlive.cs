using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Actors;

/// <summary>What to do with a connection after a keep-alive interval.</summary>
internal enum KeepAliveStep : byte
{
    /// <summary>It has given a sign of life.</summary>
    Nothing,

    /// <summary>It was silent and is probed; or the broker does not read it at present and sends it a sign of life.</summary>
    SendPing,

    /// <summary>It has left too many PINGs unanswered.</summary>
    Close,
}

/// <summary>
/// Detects peers that are connected but dead. A connection is judged by what arrived since the last interval and not by a clock, so time in
/// which the broker itself was suspended or did not read the connection does not count. A connection that is not read, because others have
/// to catch up, is sent PINGs that need no answer: its own PINGs are not answered meanwhile, and its peer must not take the broker for
/// dead. Pure: the time is an argument.
/// </summary>
internal sealed class KeepAlive(KeepAliveSettings settings)
{
    private long _lastActivity;

    /// <summary>The number of unanswered PINGs in a row, which is also the token of the next one.</summary>
    internal int Unanswered { get; private set; }

    /// <summary>Handles the end of an interval.</summary>
    /// <param name="activity">A number that moves with everything that arrives.</param>
    /// <param name="isHeldBack">
    /// Whether the broker does not read the connection at present, so that the peer's silence proves nothing.
    /// </param>
    /// <param name="elapsed">How long the interval really was.</param>
    internal KeepAliveStep Tick(long activity, bool isHeldBack, TimeSpan elapsed)
    {
        var isSilent = activity == _lastActivity && !isHeldBack && elapsed <= settings.PingInterval * 2;
        _lastActivity = activity;
        Unanswered = isSilent ? Unanswered + 1 : 0;
        if (Unanswered > settings.StaleAfter) return KeepAliveStep.Close;
        return isSilent || isHeldBack ? KeepAliveStep.SendPing : KeepAliveStep.Nothing;
    }
}
