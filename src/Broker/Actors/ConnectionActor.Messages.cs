using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Actors;

/// <summary>The messages that a connection actor receives.</summary>
internal sealed partial class ConnectionActor
{
    /// <summary>Asks for an end after everything queued was sent: the broker shuts down, or its operator closes this connection.</summary>
    internal sealed record Drain(Ending Ending);

    internal sealed record ControlArrived(ControlFrames Frames, Action Handled);

    internal sealed record SubscriptionEnded(Subscription Subscription);

    internal sealed record InputEnded
    {
        internal static readonly InputEnded Instance = new();
    }

    internal sealed record AllSent
    {
        internal static readonly AllSent Instance = new();
    }

    /// <summary>The kernel did not take everything, for the first time: there has to be a stream that writes.</summary>
    internal sealed record WriterNeeded
    {
        internal static readonly WriterNeeded Instance = new();
    }

    internal sealed record StreamEnded
    {
        internal static readonly StreamEnded Instance = new();
    }

    /// <summary>A keep-alive interval is over. The parent sends the ticks of all connections, so an idle one has no timers.</summary>
    internal sealed record KeepAliveTick
    {
        internal static readonly KeepAliveTick Instance = new();
    }

    /// <summary>Another part of the idle timeout is over.</summary>
    internal sealed record IdleTick
    {
        internal static readonly IdleTick Instance = new();
    }

    private sealed record HandshakeTimedOut
    {
        internal static readonly HandshakeTimedOut Instance = new();
    }

    /// <summary>If the connection drains and its peer does not read, it closes now, dropping what was not sent.</summary>
    internal sealed record CloseIfStuck
    {
        internal static readonly CloseIfStuck Instance = new();
    }

    /// <summary>If the connection drains, it closes now, dropping what was not sent.</summary>
    private sealed record GraceEnded
    {
        internal static readonly GraceEnded Instance = new();
    }
}
