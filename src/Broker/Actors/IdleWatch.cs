namespace UdsBroker.Broker.Actors;

/// <summary>
/// Detects a connection that is alive but not used. It checks a few times per idle timeout, and judges by the traffic between the checks
/// and not by a clock, so that a broker which was itself suspended closes nobody for that.
/// </summary>
internal sealed class IdleWatch
{
    /// <summary>The number of checks per idle timeout.</summary>
    internal const int Checks = 4;

    private long _traffic;
    private int _checks;

    /// <summary>Checks once; true when nothing has gone over the connection for the whole timeout.</summary>
    /// <param name="traffic">A number that moves with every message, while one is on its way, and with every change of
    /// subscriptions.</param>
    /// <param name="isHeldBack">Whether the connection is not read at present, so that nothing can come over it.</param>
    internal bool Check(long traffic, bool isHeldBack)
    {
        _checks = traffic == _traffic && !isHeldBack ? _checks + 1 : 0;
        _traffic = traffic;
        return _checks >= Checks;
    }
}
