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
/// What one connection is made of, put together: socket, streams, outbox, router and session. It knows how to begin, to say goodbye and to end; when to
/// do that is for <see cref="ConnectionActor"/>, its owner, alone.
/// </summary>
internal sealed class ConnectionCore
{
    private readonly BrokerContext _context;
    private readonly UnixConnection _connection;
    private readonly ListenerProtocol _protocol;
    private readonly ConnectionEvents _events;
    private readonly ReceiveBounds _bounds;

    internal ConnectionCore(BrokerContext context, Newcomer newcomer, ConnectionEvents events)
    {
        var (id, connection, listener, access, share) = newcomer;
        _context = context;
        _connection = connection;
        _protocol = listener.Protocol;
        _events = events;
        _bounds = context.Load.BoundsOf(share);
        Record = new ConnectionRecord(context, newcomer);
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

    /// <summary>True while the connection is not read, so that its silence is not its own.</summary>
    internal bool IsHeldBack => Inbound.IsHeldBack || _bounds.IsPausing;

    /// <summary>True where there are no frames, and so no session and nothing to say goodbye with.</summary>
    internal bool IsRaw => _protocol != ListenerProtocol.Udsb;

    /// <summary>The stream that reads, and of raw bytes writes, to be run once.</summary>
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

    /// <summary>The stream that writes what the kernel did not take at once, to be run when that happens for the first time.</summary>
    internal IRunnableGraph<NotUsed> Writer() => ConnectionStreams.Writer(_connection, Outbox, _events.OpenWriter(), _events);

    /// <summary>Tells the streams to end. Raw bytes may wait for a peer that does not read; only the close ends that wait.</summary>
    internal void EndStreams()
    {
        _events.EndStreams();
        if (IsRaw) _connection.Dispose();
    }

    /// <summary>Sends a sign of life that asks for one.</summary>
    internal void SendPing(ulong token)
    {
        Span<byte> ping = stackalloc byte[FrameWriter.MaxPingBytes];
        Outbox.Send(ping[..FrameWriter.WritePing(ping, token)]);
    }

    /// <summary>Takes no new work and lets GOODBYE leave behind what is queued.</summary>
    internal void SayGoodbye(Ending ending) => ConnectionEnd.SayGoodbye(Outbox, ending, _context.Table, GiveLeftoversAway);

    /// <summary>Hands what waits for members of queue groups that have ended to others.</summary>
    internal void GiveLeftoversAway() => Reassignment.GiveAway(Outbox, _context.Table, _context.Settings.Limits);

    /// <summary>Ends everything but the socket, and returns the subscriptions that the router has to end. The streams have ended before, unless by a fault.</summary>
    internal IReadOnlyList<RoutingChange> End()
    {
        Record.Leave();
        return ConnectionEnd.Close(Outbox, Session, _context.Table, GiveLeftoversAway);
    }
}
