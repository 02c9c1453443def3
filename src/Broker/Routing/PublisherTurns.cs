using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Decides when to read more from a publisher. What it sent is routed turn by turn. After a turn it may have to wait for its control frames
/// to take effect, so that a PUBLISH after a SUBSCRIBE finds that in force, for recipients to catch up, or for both. The stage that reads
/// its socket asks for the next step and carries it out.
/// </summary>
/// <remarks>Plain C# without sockets, clocks or timers; used by one stage.</remarks>
/// <param name="router">Routes the bytes.</param>
/// <param name="own">The outbox of the publisher's own connection, whose unread replies hold it back, too.</param>
/// <param name="stallTimeout">How long a recipient may make no progress while the publisher waits for it.</param>
/// <param name="opened">
/// Creates the callback for the end of the wait, which may come on any thread and leads to <see cref="GateOpened"/>.
/// </param>
internal sealed class PublisherTurns(InboundRouter router, Outbox own, TimeSpan stallTimeout, Func<Action> opened)
{
    // Created on first use, because few connections need them.
    private PublisherGate? _gate;
    private StallWatch? _stall;

    // The received bytes, until all of them were processed except the beginning of a frame.
    private InboundBuffer? _buffer;

    /// <summary>The control frames that have not taken effect yet; null when there are none.</summary>
    internal ControlFrames? Control { get; private set; }

    /// <summary>True when everything received has been processed.</summary>
    internal bool HasReadAll => _buffer is null;

    /// <summary>True while subscriptions have to be checked for a stall, every <see cref="CheckInterval"/>.</summary>
    internal bool IsWatching => router.IsHeldBack && router.Holding.Count > 0;

    /// <summary>The time between two checks.</summary>
    internal TimeSpan CheckInterval => (_stall ??= new StallWatch(stallTimeout)).Interval;

    /// <summary>Sets the buffer with received bytes, for <see cref="Next"/>.</summary>
    internal void Arrived(InboundBuffer buffer) => _buffer = buffer;

    /// <summary>Routes received bytes as far as possible, and returns the next step.</summary>
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

    /// <summary>The gate is open: there is nothing to wait for any longer.</summary>
    internal void GateOpened()
    {
        router.IsHeldBack = false;
        router.Holding.Clear();
        _stall?.End();
    }

    /// <summary>Checks once for stalled subscriptions.</summary>
    /// <param name="elapsed">The actual time since the last check, or since the wait began.</param>
    internal void Check(TimeSpan elapsed)
    {
        if (IsWatching) _stall!.Check(router.Holding, elapsed);
    }

    /// <summary>The connection ends, perhaps leaving messages for which the publisher would have had to wait.</summary>
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
