using Akka.Actor;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Routing;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Routes delayed messages when they are due, on behalf of their publishers. It sleeps until the next one is due; a publisher whose message
/// is due earlier wakes it.
/// </summary>
/// <remarks>The messages are in the store, so a restart loses none but the one that was being routed.</remarks>
internal sealed class DelayActor : ReceiveActor, IWithTimers
{
    /// <summary>The most messages routed before other actors get a turn.</summary>
    private const int MaxAtOnce = 256;

    private static readonly TimeSpan MaxSleep = TimeSpan.FromHours(1);

    private readonly BrokerContext _context;
    private readonly DelayStore _store;
    private readonly DueMessages _due;

    public DelayActor(BrokerContext context)
    {
        _context = context;
        _store = context.Kept.Delayed;
        _due = new DueMessages(context.Kept, new RunPublisher(context.Table, context.Pool, context.Settings.Limits), context.Table, context.Settings.Limits);
        Receive<Due>(_ => RouteDue());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private sealed record Due
    {
        internal static readonly Due Instance = new();
    }

    internal static Props Props(BrokerContext context) => Akka.Actor.Props.Create(() => new DelayActor(context));

    protected override void PreStart()
    {
        var self = Self;
        _store.Connect(() => self.Tell(Due.Instance, ActorRefs.NoSender));
        Sleep();
    }

    // The restarted actor continues with what waits in the store.
    protected override void PreRestart(Exception reason, object message) => Timers.CancelAll();

    protected override void PostStop()
    {
        var waiting = _store.Clear();
        if (waiting > 0) _context.Logger.DelayedDropped(waiting);
    }

    private void RouteDue()
    {
        _due.Route(MaxAtOnce);
        Sleep();
    }

    private void Sleep()
    {
        if (_store.NextDue is not { } due) return;
        var left = TimeSpan.FromMilliseconds(Math.Max(0, due - _context.Clock.Milliseconds));
        if (left == TimeSpan.Zero) Self.Tell(Due.Instance, ActorRefs.NoSender);
        else Timers.StartSingleTimer(nameof(Due), Due.Instance, left < MaxSleep ? left : MaxSleep);
    }
}
