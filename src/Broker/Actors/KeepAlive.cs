using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Actors;

/// <summary>What is to be done about a connection after one more interval.</summary>
internal enum KeepAliveStep : byte
{
    /// <summary>It has given a sign of life.</summary>
    Nothing,

    /// <summary>It was silent and is asked; or it is not read at present and gets a sign of life, as nothing else may come for it.</summary>
    SendPing,

    /// <summary>It has left too many PINGs unanswered.</summary>
    Close,
}

/// <summary>
/// Finds peers that are connected but no longer there. A connection is judged by what arrived since the last interval, not by a clock: a broker
/// that was itself suspended forgives, and so does one that did not read the connection. Who is not read, because others have to catch up, is
/// sent PINGs that need no answer: its own PINGs are not answered meanwhile, and it must not take the broker for dead. Pure: the time comes in.
/// </summary>
internal sealed class KeepAlive(KeepAliveSettings settings)
{
    private long _lastActivity;

    /// <summary>PINGs in a row that were not answered; the token of the next one.</summary>
    internal int Unanswered { get; private set; }

    /// <summary>An interval is over.</summary>
    /// <param name="activity">A number that moves with everything that arrives.</param>
    /// <param name="isHeldBack">Whether the connection is not read at present, so that its silence is not its own.</param>
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
