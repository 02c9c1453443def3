using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>Why a connection ended; only the first reason is recorded.</summary>
internal sealed record ConnectionEnd(CloseReason Reason, string Message, Exception? Exception = null)
{
    /// <summary>Whether another broker is the better choice: this one has gone or is about to stop.</summary>
    public bool IsBrokerLeaving => Reason is CloseReason.LameDuck or CloseReason.BrokerShutdown or CloseReason.ListenerClosed or CloseReason.PeerGone;

    /// <summary>
    /// Whether reconnecting makes sense: not when the broker rejected this client for good, or the client itself closed the connection.
    /// </summary>
    public bool MayReconnect => Reason is not (CloseReason.ClientClosed or CloseReason.Kicked or CloseReason.NotAllowed or CloseReason.UnsupportedVersion);
}
