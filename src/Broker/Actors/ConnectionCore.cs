using System.Text;
using Akka;
using Akka.Streams.Dsl;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// The parts of one connection, assembled: socket, streams, outbox, router and session. It knows how to begin, to say goodbye and to end;
/// its owner, <see cref="ConnectionActor"/>, alone decides when.
/// </summary>
internal sealed class ConnectionCore
{
    private readonly BrokerContext _context;
    private readonly UnixConnection _connection;
    private readonly ListenerProtocol _protocol;
    private readonly ConnectionEvents _events;
    private readonly ReceiveBounds _bounds;

    internal ConnectionCore(BrokerContext context, AdmittedConnection admitted, ConnectionEvents events)
    {
        var (id, connection, listener, access, share) = admitted;
        _context = context;
        _connection = connection;
        _protocol = listener.Protocol;
        _events = events;
        _bounds = context.Load.BoundsOf(share);
        Record = new ConnectionRecord(context, admitted);
        var isByPackets = connection.MaxPacket != 0;
        var limits = isByPackets ? context.OutboxLimits with { MaxPacket = connection.MaxPacket } : context.OutboxLimits;
        Outbox = new Outbox(limits, context.Pool, context.Clock, new OutboundSocket(connection, events), events, context.Traffic, share);
        Inbound = new InboundRouter(context.Table, new PublisherAccount(id, access, context.Traffic), Outbox, context.Kept, context.Settings.Limits, share.User.Routes) { IsByPackets = isByPackets };
        var subscriptions = context.Settings.Subscriptions;
        var bound = new PendingBound(subscriptions.MaxPendingBytes, subscriptions.MaxPendingMessages);
        Session = new Session(new SessionContext(Record, context.Settings.Limits, bound, access) { User = share.User, Traffic = context.Traffic }, Outbox);
    }

    internal ConnectionRecord Record { get; }

    internal Outbox Outbox { get; }

    internal InboundRouter Inbound { get; }

    internal Session Session { get; }

    /// <summary>True while the broker does not read the connection, so that the peer's silence proves nothing.</summary>
    internal bool IsHeldBack => Inbound.IsHeldBack || _bounds.IsPausing;

    /// <summary>True for raw protocols, which have no frames, no session and no GOODBYE.</summary>
    internal bool IsRaw => _protocol != ListenerProtocol.Udsb;

    /// <summary>The stream that reads (for raw protocols also writes), to be run once.</summary>
    internal IRunnableGraph<NotUsed> Reader()
    {
        var pool = _connection.MaxPacket == 0 ? _context.Pool : _context.PacketPool;
        return _protocol switch
        {
            ListenerProtocol.Udsb => ConnectionStreams.Udsb(
                _connection, pool, _bounds, _events.Reader, Inbound, Outbox, _context.Settings.Subscriptions.StallTimeout, _events),
            ListenerProtocol.Identity => ConnectionStreams.Echo(_connection, pool, _bounds, _events.Reader, Encoding.ASCII.GetBytes(Record.Id.ToString()), _events),
            _ => ConnectionStreams.Echo(_connection, pool, _bounds, _events.Reader, null, _events),
        };
    }

    /// <summary>The stream that writes what the kernel did not accept at once, to be run when that first happens.</summary>
    internal IRunnableGraph<NotUsed> Writer() => ConnectionStreams.Writer(_connection, Outbox, _events.OpenWriter(), _events);

    /// <summary>
    /// Tells the streams to end. A raw stream may wait for a peer that does not read; only closing the socket ends that wait.
    /// </summary>
    internal void EndStreams()
    {
        _events.EndStreams();
        if (IsRaw) _connection.Dispose();
    }

    /// <summary>Sends a PING.</summary>
    internal void SendPing(ulong token)
    {
        Span<byte> ping = stackalloc byte[FrameWriter.MaxPingBytes];
        Outbox.Send(ping[..FrameWriter.WritePing(ping, token)]);
    }

    /// <summary>Takes no new work and sends GOODBYE after what is queued.</summary>
    internal void SayGoodbye(Ending ending) => ConnectionEnd.SayGoodbye(Outbox, ending, _context.Table, ReassignLeftovers);

    /// <summary>Reassigns messages that wait for ended members of queue groups to other members.</summary>
    internal void ReassignLeftovers() => Reassignment.Reassign(Outbox, _context.Table, _context.Settings.Limits);

    /// <summary>Ends sending. The streams have ended before, unless by a fault.</summary>
    internal void Close()
    {
        Record.Leave();
        ConnectionEnd.Close(Outbox, _context.Table, ReassignLeftovers);
    }

    /// <summary>Ends all subscriptions, and returns those that the router has to end.</summary>
    internal IReadOnlyList<RoutingChange> EndSubscriptions()
    {
        Session.EndAll();
        return Session.TakeChanges();
    }
}
