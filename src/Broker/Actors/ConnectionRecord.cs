using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>What is known about one connection apart from its streams: for its WELCOME, for the presence of its client, and for the log when it ends.</summary>
internal sealed class ConnectionRecord(BrokerContext context, Guid id, UnixConnection connection, ListenerSettings listener)
{
    internal Guid Id => id;

    internal PeerCredentials Peer => connection.Peer;

    internal WelcomeInfo Welcome() => new()
    {
        Broker = "udsbroker",
        BrokerVersion = context.Version,
        Limits = context.Settings.Limits with { MaxPacketBytes = connection.MaxPacket },
        Uid = Peer.Uid,
        Gid = Peer.Gid,
        Pid = Peer.Pid,
    };

    /// <summary>The client that said HELLO.</summary>
    internal Presence ToPresence(HelloCommand hello) => new(id, hello.Options, Peer, Peer.Executable, listener.Name);

    /// <summary>Logs and counts the end, once for each connection.</summary>
    internal void End(Ending ending)
    {
        context.Traffic.ConnectionEnded(ending.Reason);
        if (ending.Reason is CloseReason.ClientClosed or CloseReason.PeerGone or CloseReason.BrokerShutdown or CloseReason.LameDuck)
            context.Logger.ConnectionEnded(id, ending.Reason, ending.Message);
        else context.Closings.Closed(id, PeerNames.Describe(Peer), ending.Reason, ending.Message);
    }
}
