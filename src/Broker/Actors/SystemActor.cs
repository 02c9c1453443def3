using System.Text;
using Akka.Actor;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Publishes for the broker itself. On <c>$SYS.</c> it announces clients that have gone and publishes statistics (the router announces new
/// clients, together with their snapshot); it publishes the last wills of clients whose connection did not end in order; and it answers
/// requests below <c>_BROKER.</c>, including operators' commands.
/// </summary>
/// <remarks>It has no state that a restart could lose. A client that waits for an answer gets one when the actor is restarted.</remarks>
internal sealed class SystemActor : ReceiveActor, IWithTimers
{
    private static readonly byte[] StatisticsSubject = Encoding.ASCII.GetBytes(SystemSubjects.Statistics);

    private readonly BrokerContext _context;
    private readonly RunPublisher _publisher;
    private readonly PublisherAccount _account;
    private readonly Dictionary<string, Action<Ask>> _operations;
    private BrokerMetrics? _metrics;

    public SystemActor(BrokerContext context)
    {
        _context = context;
        _publisher = new RunPublisher(context.Table, context.Pool, context.Settings.Limits);
        _account = new PublisherAccount(Guid.Empty, PeerAccess.OfBroker, context.Traffic);
        _operations = new Dictionary<string, Action<Ask>>
        {
            [BrokerOperations.ExplainAccess] = OnExplain,
            [BrokerOperations.Statistics] = OnStats,
            [BrokerOperations.Kick] = OnKick,
            [BrokerOperations.Drain] = OnDrain,
        };
        Receive<Left>(OnLeft);
        Receive<Ask>(OnAsk);
        Receive<StatisticsDue>(_ => PublishStatistics());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The connection of a client that had sent HELLO has ended, and nothing is routed to it any more.</summary>
    /// <param name="Client">The client.</param>
    /// <param name="Access">What it may publish, including its will.</param>
    /// <param name="Ending">Why.</param>
    /// <param name="Will">The PUBLISH frame of its last will, or null.</param>
    internal sealed record Left(ConnectionRecord Client, PeerAccess Access, Ending Ending, byte[]? Will);

    /// <summary>A client's request to the broker; answered by a <see cref="BrokerAnswer"/>.</summary>
    /// <param name="Request">What.</param>
    /// <param name="Peer">The client's credentials, from the kernel.</param>
    internal sealed record Ask(BrokerRequest Request, PeerCredentials Peer);

    private sealed record StatisticsDue
    {
        internal static readonly StatisticsDue Instance = new();
    }

    internal static Props Props(BrokerContext context) => Akka.Actor.Props.Create(() => new SystemActor(context));

    protected override void PreStart()
    {
        _metrics = BrokerMetrics.Open(_context.Load, _context.Kept, () => _context.Table.Current.ClientCount);
        var interval = _context.Settings.System.StatisticsInterval;
        if (interval > TimeSpan.Zero) Timers.StartPeriodicTimer(nameof(StatisticsDue), StatisticsDue.Instance, interval);
    }

    protected override void PostStop() => _metrics?.Dispose();

    // A fault must not leave a client waiting for its answer.
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Ask ask) Sender.Tell(BrokerAnswer.Failed(ask.Request, BrokerAnswer.Fault, "a fault in the broker; its log says more"));
        base.PreRestart(reason, message);
    }

    private void OnLeft(Left message)
    {
        var isOrderly = message.Ending.Reason is CloseReason.ClientClosed or CloseReason.BrokerShutdown or CloseReason.LameDuck;
        if (message.Will is { } will && !isOrderly)
        {
            var account = new PublisherAccount(message.Client.Id, message.Access, _context.Traffic);
            _publisher.PublishWithDirectives(account, will, _context.Kept);
            account.CountInTraffic(0);
        }

        if (_context.Table.Current.HasSystemPatterns)
            Publish(PresenceMessages.Disconnected(message.Client, message.Ending, _context.Time.GetUtcNow(), _context.Settings.Limits.MaxPayloadBytes));
    }

    private void OnAsk(Ask message)
    {
        var request = message.Request;
        if (!_operations.TryGetValue(request.Operation, out var operation))
        {
            var known = string.Join(", ", _operations.Keys.Order(StringComparer.Ordinal));
            Refuse(request, BrokerAnswer.NotFound, $"there is no operation {request.Operation}; known are {known}");
        }
        else if (!_context.Access.Current.MayAsk(Encoding.UTF8.GetBytes(request.Operation), message.Peer.Uid))
            Refuse(request, BrokerAnswer.NotPermitted, $"{request.Operation} is for operators: root and the user that the broker runs as");
        else
            operation(message);
    }

    private void OnStats(Ask message) => Sender.Tell(BrokerAnswer.Done(message.Request, StatisticsMessage.Write(_context)));

    private void OnExplain(Ask message) => Sender.Tell(AccessQuestion.TryRead(message.Request.Payload, Accounts.GroupsOf, out var question, out var problem)
        ? BrokerAnswer.Done(message.Request, AccessExplanation.Write(_context.Access.Current, question!))
        : BrokerAnswer.Failed(message.Request, BrokerAnswer.BadArguments, problem));

    private void OnKick(Ask message)
    {
        if (!KickArguments.TryRead(message.Request.Payload, out var arguments, out var problem))
        {
            Refuse(message.Request, BrokerAnswer.BadArguments, problem);
            return;
        }

        _context.Logger.Kicked(arguments.Id, message.Peer.ToString());
        Context.Parent.Tell(new ConnectionsActor.Kick(message.Request, arguments.Id, new Ending(CloseReason.Kicked, arguments.Message)), Sender);
    }

    private void OnDrain(Ask message)
    {
        _context.Logger.LameDuckStarted(message.Peer.ToString(), _context.Settings.Shutdown.LameDuckPeriod.TotalSeconds);
        Sender.Tell(BrokerAnswer.Done(message.Request, StatisticsMessage.Write(_context)));
        Context.Parent.Tell(BrokerActor.LameDuck.Instance);
    }

    private void Refuse(BrokerRequest request, int code, string error) => Sender.Tell(BrokerAnswer.Failed(request, code, error));

    private void PublishStatistics()
    {
        if (_context.Table.Current.CountMatches(StatisticsSubject) > 0) Publish(BrokerFrames.Encode(SystemSubjects.Statistics, StatisticsMessage.Write(_context)));
    }

    private void Publish(ReadOnlySpan<byte> frame)
    {
        _account.Routed(1, _publisher.Publish(_account, frame));
        _account.CountInTraffic(0);
    }
}
