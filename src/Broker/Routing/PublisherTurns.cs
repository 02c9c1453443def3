using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// When a publisher is read on. What it sent is routed turn by turn; behind a turn it may have to wait, for its control frames to take effect, so that
/// a PUBLISH behind a SUBSCRIBE finds it in force, for recipients to catch up, or for both. Whoever reads its socket asks what comes next, and does it.
/// </summary>
/// <remarks>Plain C# without sockets, clocks or timers; used by one stage.</remarks>
/// <param name="router">Routes the bytes.</param>
/// <param name="own">The outbox of the publisher's own connection, whose unread replies hold it back, too.</param>
/// <param name="stallTimeout">So long may a recipient stand still while the publisher waits for it.</param>
/// <param name="opened">Makes what is called when the wait is over, on any thread, and leads to <see cref="GateOpened"/>.</param>
internal sealed class PublisherTurns(InboundRouter router, Outbox own, TimeSpan stallTimeout, Func<Action> opened)
{
    // What few connections ever need is made on first use.
    private PublisherGate? _gate;
    private StallWatch? _stall;

    // What came last, until all of it was looked at but the beginning of a frame.
    private InboundBuffer? _buffer;

    /// <summary>The control frames whose effect is waited for; null when there are none.</summary>
    internal ControlFrames? Control { get; private set; }

    /// <summary>True when nothing that came waits to be looked at.</summary>
    internal bool HasReadAll => _buffer is null;

    /// <summary>True while subscriptions that do not catch up have to be looked for, each <see cref="LookInterval"/>.</summary>
    internal bool IsWatching => router.IsHeldBack && router.Holding.Count > 0;

    /// <summary>From one look to the next.</summary>
    internal TimeSpan LookInterval => (_stall ??= new StallWatch(stallTimeout)).Interval;

    /// <summary>There is more in the buffer; <see cref="Next"/> comes to it.</summary>
    internal void Arrived(InboundBuffer buffer) => _buffer = buffer;

    /// <summary>Routes what came as far as it may, and says what has to be done now.</summary>
    internal PublisherStep Next()
    {
        if (router.IsHeldBack || Control is not null || router.Refused is not null) return PublisherStep.Wait;
        if (_buffer is null) return PublisherStep.Read;
        Control = router.Consume(_buffer);
        if (router.Refused is not null) return PublisherStep.Refuse;
        HoldBack();
        if (Control is not null) return PublisherStep.Handle;
        _buffer = null;
        return router.IsHeldBack ? PublisherStep.Wait : PublisherStep.Read;
    }

    /// <summary>The control frames have taken effect.</summary>
    internal void Handled() => Control = null;

    /// <summary>Nobody has to be waited for any longer.</summary>
    internal void GateOpened()
    {
        router.IsHeldBack = false;
        router.Holding.Clear();
    }

    /// <summary>Looks once for subscriptions that stand still.</summary>
    /// <param name="elapsed">How long it really was since the last look, or since the wait began.</param>
    internal void Look(TimeSpan elapsed)
    {
        if (IsWatching) _stall!.Look(router.Holding, elapsed);
    }

    /// <summary>The connection ends. It may leave messages behind for which it would have had to wait.</summary>
    internal void End()
    {
        foreach (var subscription in router.Holding) subscription.Outbox.Abandon(subscription, _gate);
        router.Release();
    }

    private void HoldBack()
    {
        if (router.Holding.Count == 0 && !own.IsFullOfReplies) return;
        _gate ??= new PublisherGate(opened());
        _gate.Arm();
        own.AwaitRoom(_gate);
        foreach (var subscription in router.Holding) subscription.Outbox.Await(subscription, _gate);
        router.IsHeldBack = !_gate.IsOpenAfterArming();
        if (!router.IsHeldBack) router.Holding.Clear();
        else if (router.Holding.Count > 0) (_stall ??= new StallWatch(stallTimeout)).Begin(router.Holding);
    }
}
