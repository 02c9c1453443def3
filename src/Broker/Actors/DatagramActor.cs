using Akka.Actor;
using Akka.Streams;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Owner of one bound datagram socket. It takes the place of a listener; since there is nothing to accept, it also owns the stream that
/// reads. It checks that its path still leads to the socket, and logs refused datagrams, at most once a second.
/// </summary>
internal sealed class DatagramActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly BrokerContext _context;
    private readonly ListenerSettings _settings;
    private readonly RefusedDatagrams _refused;
    private readonly Events _events;
    private DatagramSocket? _socket;

    public DatagramActor(BrokerContext context, ListenerSettings settings)
    {
        _context = context;
        _settings = settings;
        _events = new Events(Self);
        _refused = new RefusedDatagrams(_events, context.Traffic);
        Receive<Refused>(_ => Report());
        Receive<Watchdog>(_ => CheckPath());
        Receive<Ended>(message => throw new ListenerException(_settings.Name, message.Cause));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private sealed record Refused
    {
        internal static readonly Refused Instance = new();
    }

    private sealed record Watchdog
    {
        internal static readonly Watchdog Instance = new();
    }

    private sealed record Ended(Exception Cause);

    internal static Props Props(BrokerContext context, ListenerSettings settings) => Akka.Actor.Props.Create(() => new DatagramActor(context, settings));

    protected override void PreStart()
    {
        try
        {
            _socket = DatagramSocket.Open(_settings.Path, _settings.SocketOptions);
        }
        catch (Exception e) when (e is SocketFileException or IOException or UnauthorizedAccessException)
        {
            Context.Parent.Tell(new ListenerActor.Failed(_settings.Name, e));
            return;
        }

        if (_socket.MaxPacket < _settings.MaxPacket) _context.Logger.PacketsSmaller(_settings.Name, _socket.MaxPacket, _settings.MaxPacket);
        ConnectionStreams.Datagrams(_socket, _context.PacketPool, Reader(_socket), _events).Run(Context.Materializer());
        Timers.StartPeriodicTimer(nameof(Watchdog), Watchdog.Instance, _settings.CheckInterval);
        Context.Parent.Tell(new ListenerActor.Listening(_settings.Name, _socket.Path.ToString()));
    }

    protected override void PostStop() => _socket?.Dispose();

    private IDatagramReader Reader(DatagramSocket socket)
    {
        var limits = _context.Settings.Limits;
        var senders = new DatagramSenders(_settings.MaxSenders, AccountOf);
        var admission = new DatagramAdmission(_context.Load.Users, _refused, _context.Traffic);
        return _settings.Protocol switch
        {
            ListenerProtocol.Udsb => new PublishingReader(
                admission,
                new DatagramRouter(new RunPublisher(_context.Table, _context.Pool, limits), _context.Kept, limits),
                senders,
                _refused),
            ListenerProtocol.Identity => new AnsweringReader(admission, socket, senders, _refused),
            _ => new AnsweringReader(admission, socket, null, _refused),
        };
    }

    // An unbound sender cannot be told from others, so it has no identity; its access rights are known nevertheless.
    private PublisherAccount AccountOf(DatagramSender sender) => new(
        sender.HasAddress ? Guid.CreateVersion7() : Guid.Empty, _context.Access.For(AccessPeers.Of(sender.Credentials)), _context.Traffic);

    // The first is logged at once, the rest of a second together. The reader reports again only after its count was taken.
    private void Report()
    {
        if (Timers.IsTimerActive(nameof(Report))) return;
        var (count, first) = _refused.Take();
        if (count == 0) return;
        _context.Logger.DatagramsRefused(_settings.Name, count, first);
        Timers.StartSingleTimer(nameof(Report), Refused.Instance, ReportInterval);
    }

    private void CheckPath()
    {
        if (_socket!.IsStillOurs()) return;
        _context.Logger.ListenerLost(_settings.Name, _settings.Path);
        throw new ListenerLostException($"{_settings.Path} is no longer the socket of this broker");
    }

    private sealed class Events(IActorRef actor) : IDatagramEvents
    {
        void IDatagramEvents.Refused() => actor.Tell(Refused.Instance, ActorRefs.NoSender);

        void IDatagramEvents.Ended(Exception? cause) =>
            actor.Tell(new Ended(cause ?? new IOException("the socket was closed")), ActorRefs.NoSender);
    }
}
