using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>What is known about one connection apart from its streams: for its WELCOME, for the presence of its client, and for the log when it ends.</summary>
internal sealed class ConnectionRecord(BrokerContext context, Guid id, UnixConnection connection, ListenerSettings listener) : IClientRecord
{
    private static readonly HelloOptions Nothing = new();

    private volatile bool _hasLeft;

    public Guid Id => id;

    public long Place { get; private set; }

    public bool HasLeft => _hasLeft;

    /// <summary>The kernel's word.</summary>
    internal PeerCredentials Peer => connection.Peer;

    /// <summary>The listener through which it came.</summary>
    internal string Listener => listener.Name;

    /// <summary>What the client says about itself.</summary>
    internal HelloOptions Said { get; private set; } = Nothing;

    /// <summary>When the client said HELLO.</summary>
    internal DateTime Since { get; private set; }

    public WelcomeInfo Welcome() => new()
    {
        Broker = "udsbroker",
        BrokerVersion = context.Version,
        Limits = connection.MaxPacket == 0 ? context.Settings.Limits : context.Settings.Limits with { MaxPacketBytes = connection.MaxPacket },
        Uid = Peer.Uid,
        Gid = Peer.Gid,
        Groups = Peer.Groups is { Count: > WelcomeInfo.MaxGroups } many ? [.. many.Take(WelcomeInfo.MaxGroups)] : Peer.Groups,
        Pid = Peer.Pid,
    };

    // The session keeps the will, which nobody is told.
    public void Greeted(HelloOptions said)
    {
        if (said != Nothing) Said = said with { Will = null };
        Place = context.NextPlace();
        Since = context.Time.GetUtcNow().UtcDateTime;
    }

    public byte[] Connected() => PresenceMessages.Connected(this);

    /// <summary>Nobody is told of the client as connected from now on.</summary>
    internal void Leave() => _hasLeft = true;

    /// <summary>Logs and counts the end, once for each connection.</summary>
    internal void End(Ending ending)
    {
        context.Traffic.ConnectionEnded(ending.Reason);
        if (ending.Reason is CloseReason.ClientClosed or CloseReason.PeerGone or CloseReason.BrokerShutdown or CloseReason.LameDuck)
            context.Logger.ConnectionEnded(id, ending.Reason, ending.Message);
        else context.Closings.Closed(id, Peer.ToString(), ending.Reason, ending.Message);
    }
}
