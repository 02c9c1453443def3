using System.Diagnostics;
using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Routes the publishes of a connection where they arrive, and passes its control frames to the owner of the connection.
/// <see cref="PublisherTurns"/> decides when more is read, so the stream's backpressure is the broker's backpressure. It ends when the
/// peer's bytes end.
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

    private sealed class Logic : TimerGraphStageLogic, IInHandler
    {
        private const string StallTimer = "stall";

        private readonly PublishSink _stage;
        private readonly PublisherTurns _turns;
        private Action? _handled;
        private TickPace _stallPace;

        public Logic(PublishSink stage)
            : base(stage.Shape)
        {
            _stage = stage;
            _turns = new PublisherTurns(stage.Router, stage.Own, stage.StallTimeout, () => GetAsyncCallback(OnGateOpen));
            SetHandler(stage._in, this);
        }

        public override void PreStart() => Pull(_stage._in);

        public void OnPush()
        {
            _turns.Arrived(Grab(_stage._in));
            Continue();
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

        public override void PostStop()
        {
            _turns.End();
            _stage.Events.StreamEnded();
        }

        protected override void OnTimer(object timerKey)
        {
            if (_stallPace.IsTick(Stopwatch.GetTimestamp(), _turns.CheckInterval, out var elapsed)) _turns.Check(elapsed);
        }

        // A stage is notified of failures of other stages but not of its own, so it reports these itself. Being out of memory is not a
        // fault of the broker: the routing is cut off, everything after it is ignored, and the connection ends.
        private void Continue()
        {
            try
            {
                Do(_turns.Next());
            }
            catch (OutOfMemoryException e)
            {
                _stage.Router.End();
                _stage.Events.End(Endings.Of(e));
            }
            catch (Exception e)
            {
                _stage.Events.End(Endings.Of(e));
                throw;
            }
        }

        private void Do(PublisherStep step)
        {
            if (_turns.IsWatching && !IsTimerActive(StallTimer)) WatchForStall();
            switch (step)
            {
                case PublisherStep.Read:
                    Pull(_stage._in);
                    break;
                case PublisherStep.Handle:
                    _stage.Events.Control(_turns.Control!, _handled ??= GetAsyncCallback(OnHandled));
                    break;
                case PublisherStep.Refuse:
                    _stage.Events.End(_stage.Router.Refused!);
                    break;
            }
        }

        private void WatchForStall()
        {
            _stallPace.Begin(Stopwatch.GetTimestamp());
            ScheduleRepeatedly(StallTimer, _turns.CheckInterval);
        }

        private void OnHandled()
        {
            _turns.Handled();
            Continue();
        }

        private void OnGateOpen()
        {
            _turns.GateOpened();
            CancelTimer(StallTimer);
            Continue();
        }
    }
}
