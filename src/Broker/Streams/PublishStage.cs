using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Routes the publishes of a connection where they arrive and passes its control frames on. While a control frame has not been
/// handled, or a recipient has to catch up, nothing more is read: the back-pressure of the stream is the back-pressure of the broker.
/// </summary>
internal sealed class PublishStage(InboundRouter router, Outbox own, TimeSpan stallTimeout, IConnectionEvents events)
    : GraphStage<FlowShape<InboundBuffer, ControlFrames>>
{
    private readonly Inlet<InboundBuffer> _in = new("publish.bytes");
    private readonly Outlet<ControlFrames> _out = new("publish.control");

    public override FlowShape<InboundBuffer, ControlFrames> Shape => new(_in, _out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, router, own, stallTimeout, events);

    private sealed class Logic : TimerGraphStageLogic, IInHandler, IOutHandler
    {
        private const string StallTimer = "stall";

        private readonly PublishStage _stage;
        private readonly InboundRouter _router;
        private readonly Outbox _own;
        private readonly TimeSpan _stallTimeout;
        private readonly IConnectionEvents _events;
        private readonly PublisherGate _gate;
        private readonly List<ulong> _progress = [];
        private InboundBuffer? _buffer;

        public Logic(PublishStage stage, InboundRouter router, Outbox own, TimeSpan stallTimeout, IConnectionEvents events)
            : base(stage.Shape)
        {
            _stage = stage;
            _router = router;
            _own = own;
            _stallTimeout = stallTimeout;
            _events = events;
            _gate = new PublisherGate(GetAsyncCallback(OnGateOpen));
            SetHandler(stage._in, this);
            SetHandler(stage._out, this);
        }

        public void OnPush()
        {
            _buffer = Grab(_stage._in);
            Consume();
        }

        public void OnPull()
        {
            if (_buffer is not null) Consume();
            else if (!HasBeenPulled(_stage._in)) Pull(_stage._in);
        }

        public void OnUpstreamFinish() => CompleteStage();

        public void OnUpstreamFailure(Exception e) => FailStage(e);

        // The connection ends. It may leave messages behind for which it would have had to wait.
        public override void PostStop()
        {
            foreach (var subscription in _router.Holding) subscription.Outbox.Abandon(subscription, _gate);
        }

        public void OnDownstreamFinish(Exception cause) => CancelStage(cause);

        protected override void OnTimer(object timerKey)
        {
            for (var i = 0; i < _router.Holding.Count; i++)
            {
                var subscription = _router.Holding[i];
                var progress = subscription.Outbox.ProgressOf(subscription);
                if (progress == _progress[i]) subscription.Outbox.BeginShedding(subscription);
                _progress[i] = progress;
            }
        }

        // One turn over the buffer. What stays in it is either the beginning of a frame, and more is pulled, or it waits for the
        // control frames in front of it, and the next pull of the session comes back here.
        private void Consume()
        {
            if (_router.IsHeldBack || !IsAvailable(_stage._out)) return;
            var control = _router.Consume(_buffer!);
            if (control is null) _buffer = null;
            else Push(_stage._out, control);
            if (_router.Refused is { } refused) _events.End(refused);
            else if (!HoldBack() && _buffer is null) Pull(_stage._in);
        }

        // True when a recipient, or the connection's own unread replies, hold this publisher back.
        private bool HoldBack()
        {
            _gate.Arm();
            _own.AwaitRoom(_gate);
            foreach (var subscription in _router.Holding) subscription.Outbox.Await(subscription, _gate);
            _router.IsHeldBack = !_gate.IsOpenAfterArming();
            if (!_router.IsHeldBack) _router.Holding.Clear();
            else if (_router.Holding.Count > 0)
            {
                _progress.Clear();
                foreach (var subscription in _router.Holding) _progress.Add(subscription.Outbox.ProgressOf(subscription));
                ScheduleRepeatedly(StallTimer, _stallTimeout);
            }

            return _router.IsHeldBack;
        }

        private void OnGateOpen()
        {
            _router.IsHeldBack = false;
            _router.Holding.Clear();
            CancelTimer(StallTimer);
            if (_buffer is not null) Consume();
            else if (!HasBeenPulled(_stage._in) && !IsClosed(_stage._in)) Pull(_stage._in);
        }
    }
}
