using System.Diagnostics;
using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Routes the publishes of a connection where they arrive, and hands its control frames to the owner of the connection. While those have not
/// taken effect, so that a PUBLISH behind a SUBSCRIBE finds it in force, or a recipient has to catch up, nothing more is read: the
/// back-pressure of the stream is the back-pressure of the broker. Its end is the end of the peer's bytes.
/// </summary>
internal sealed class PublishSink(InboundRouter router, Outbox own, TimeSpan stallTimeout, IConnectionEvents events) : GraphStage<SinkShape<InboundBuffer>>
{
    private readonly Inlet<InboundBuffer> _in = new("publish.bytes");

    public override SinkShape<InboundBuffer> Shape => new(_in);

    private InboundRouter Router => router;

    private Outbox Own => own;

    private TimeSpan StallTimeout => stallTimeout;

    private IConnectionEvents Events => events;

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    // What few connections ever need, the gate and the watch over whom it waits for, is made on first use.
    private sealed class Logic : TimerGraphStageLogic, IInHandler
    {
        private const string StallTimer = "stall";

        private readonly PublishSink _stage;
        private Action? _handled;
        private PublisherGate? _gate;
        private StallWatch? _stall;
        private TickPace _stallPace;
        private InboundBuffer? _buffer;
        private bool _isAwaitingSession;

        public Logic(PublishSink stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._in, this);
        }

        private HoldingSubscriptions Holding => _stage.Router.Holding;

        public override void PreStart() => Pull(_stage._in);

        public void OnPush()
        {
            _buffer = Grab(_stage._in);
            Consume();
        }

        public void OnUpstreamFinish()
        {
            _stage.Events.InputEnded();
            CompleteStage();
        }

        public void OnUpstreamFailure(Exception e)
        {
            _stage.Events.End(Endings.Of(e));
            FailStage(e);
        }

        // The connection ends. It may leave messages behind for which it would have had to wait.
        public override void PostStop()
        {
            foreach (var subscription in Holding) subscription.Outbox.Abandon(subscription, _gate);
            _stage.Router.Release();
            _stage.Events.StreamEnded();
        }

        protected override void OnTimer(object timerKey)
        {
            if (_stallPace.IsTick(Stopwatch.GetTimestamp(), _stall!.Interval, out var elapsed)) _stall.Look(Holding, elapsed);
        }

        // A stage hears of the failures of others, not of its own: it tells of that itself.
        private void Consume()
        {
            try
            {
                ConsumeOnce();
            }
            catch (Exception e)
            {
                _stage.Events.End(Endings.Of(e));
                throw;
            }
        }

        // One turn over the buffer. What stays in it is either the beginning of a frame, and more is pulled, or it waits for the
        // control frames in front of it, and the word that they have taken effect comes back here.
        private void ConsumeOnce()
        {
            if (_stage.Router.IsHeldBack || _isAwaitingSession) return;
            var control = _stage.Router.Consume(_buffer!);
            if (_stage.Router.Refused is { } refused)
            {
                _stage.Events.End(refused);
                return;
            }

            var isHeldBack = HoldBack();
            if (control is not null)
            {
                _isAwaitingSession = true;
                _stage.Events.Control(control, _handled ??= GetAsyncCallback(OnHandled));
                return;
            }

            _buffer = null;
            if (!isHeldBack) Pull(_stage._in);
        }

        // True when a recipient, or the connection's own unread replies, hold this publisher back.
        private bool HoldBack()
        {
            if (Holding.Count == 0 && !_stage.Own.IsFullOfReplies) return false;
            _gate ??= new PublisherGate(GetAsyncCallback(OnGateOpen));
            _gate.Arm();
            _stage.Own.AwaitRoom(_gate);
            foreach (var subscription in Holding) subscription.Outbox.Await(subscription, _gate);
            _stage.Router.IsHeldBack = !_gate.IsOpenAfterArming();
            if (!_stage.Router.IsHeldBack) Holding.Clear();
            else if (Holding.Count > 0) WatchForStall();
            return _stage.Router.IsHeldBack;
        }

        private void WatchForStall()
        {
            _stall ??= new StallWatch(_stage.StallTimeout);
            _stall.Begin(Holding);
            _stallPace.Begin(Stopwatch.GetTimestamp());
            ScheduleRepeatedly(StallTimer, _stall.Interval);
        }

        private void OnHandled()
        {
            _isAwaitingSession = false;
            Consume();
        }

        private void OnGateOpen()
        {
            _stage.Router.IsHeldBack = false;
            Holding.Clear();
            CancelTimer(StallTimer);
            if (_buffer is not null) Consume();
            else if (!HasBeenPulled(_stage._in) && !IsClosed(_stage._in)) Pull(_stage._in);
        }
    }
}
