using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// What is known about one connection apart from its streams: for its WELCOME, for the presence of its client, and for the log when it
/// ends.
/// </summary>
internal sealed class ConnectionRecord(BrokerContext context, AdmittedConnection admitted) : IClientRecord
{
    private static readonly HelloOptions Nothing = new();

    private volatile bool _hasLeft;

    public Guid Id => admitted.Id;

    public long Place { get; private set; }

    public bool HasLeft => _hasLeft;

    /// <summary>The peer's credentials, from the kernel.</summary>
    internal PeerCredentials Peer => admitted.Connection.Peer;

    /// <summary>The listener through which it came.</summary>
    internal string Listener => admitted.Listener.Name;

    /// <summary>What the client says about itself.</summary>
    internal HelloOptions Hello { get; private set; } = Nothing;

    /// <summary>When the client said HELLO.</summary>
    internal DateTime Since { get; private set; }

    public WelcomeInfo Welcome() => new()
    {
        Broker = "udsbroker",
        BrokerVersion = context.Version,
        Limits = admitted.Connection.MaxPacket is > 0 and var packet ? context.Settings.Limits with { MaxPacketBytes = packet } : context.Settings.Limits,
        Uid = Peer.Uid,
        Gid = Peer.Gid,
        Groups = Peer.Groups is { Count: > WelcomeInfo.MaxGroups } many ? [.. many.Take(WelcomeInfo.MaxGroups)] : Peer.Groups,
        Pid = Peer.Pid,
    };

    // Without the will, which stays in the session and is not published.
    public void Greeted(HelloOptions said)
    {
        if (said != Nothing) Hello = said with { Will = null };
        Place = context.NextPlace();
        Since = context.Time.GetUtcNow().UtcDateTime;
    }

    public byte[] Connected() => PresenceMessages.Connected(this, context.Settings.Limits.MaxPayloadBytes);

    /// <summary>From now on the client is not announced as connected any more.</summary>
    internal void Leave() => _hasLeft = true;

    /// <summary>Logs and counts the end, once for each connection.</summary>
    internal void End(Ending ending)
    {
        context.Traffic.ConnectionEnded(ending.Reason);
        if (ending.Reason is CloseReason.ClientClosed or CloseReason.PeerGone or CloseReason.BrokerShutdown or CloseReason.LameDuck)
            context.Logger.ConnectionEnded(Id, ending.Reason, ending.Message);
        else context.Closings.Closed(Id, Peer.ToString(), ending.Reason, ending.Message);
    }
}
