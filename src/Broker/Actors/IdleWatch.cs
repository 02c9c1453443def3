namespace UdsBroker.Broker.Actors;

/// <summary>
/// Notices a connection that is alive and not used. It looks a few times within the idle timeout and judges by what went over the
/// connection between the looks, not by a clock, so a broker that was itself suspended closes nobody for it.
/// </summary>
internal sealed class IdleWatch
{
    /// <summary>Looks within the idle timeout.</summary>
    internal const int Looks = 4;

    private long _traffic;
    private int _looks;

    /// <summary>Looks once; true when nothing has gone over the connection for the whole timeout.</summary>
    /// <param name="traffic">A number that moves with every message, while one is on its way, and with every change of subscriptions.</param>
    /// <param name="isHeldBack">Whether the connection is not read at present, so that nothing can come over it.</param>
    internal bool Look(long traffic, bool isHeldBack)
    {
        _looks = traffic == _traffic && !isHeldBack ? _looks + 1 : 0;
        _traffic = traffic;
        return _looks >= Looks;
    }
}
