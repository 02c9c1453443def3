using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>Why a connection ended: the one record of it, made by whoever was first.</summary>
internal sealed record ConnectionEnd(CloseReason Reason, string Message, Exception? Exception = null)
{
    /// <summary>Whether another broker is the better choice: this one has gone or is about to stop.</summary>
    public bool IsBrokerLeaving => Reason is CloseReason.LameDuck or CloseReason.BrokerShutdown or CloseReason.ListenerClosed or CloseReason.PeerGone;

    /// <summary>Whether coming back makes sense: not when this client was sent away for good, or closed by itself.</summary>
    public bool MayReconnect => Reason is not (CloseReason.ClientClosed or CloseReason.Kicked or CloseReason.NotAllowed or CloseReason.UnsupportedVersion);
}
