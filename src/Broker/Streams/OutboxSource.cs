using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// The connection's own writer: sends, in gathered batches, what publishers could not send in place because the kernel's buffer was full.
/// It is created when that first happens, and sleeps as long as everything fits.
/// </summary>
internal sealed class OutboxSource(Outbox outbox, StageSignal signal) : GraphStage<SourceShape<IOutboundBatch>>
{
    private readonly Outlet<IOutboundBatch> _out = new("outbox.batches");

    public override SourceShape<IOutboundBatch> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, outbox, signal);

    private sealed class Logic : OutGraphStageLogic, IOutboundBatch
    {
        private readonly Outlet<IOutboundBatch> _out;
        private readonly Outbox _outbox;
        private readonly StageSignal _signal;
        private List<ArraySegment<byte>> _segments = [];
        private bool _isOffered;

        public Logic(OutboxSource stage, Outbox outbox, StageSignal signal)
            : base(stage.Shape)
        {
            _out = stage._out;
            _outbox = outbox;
            _signal = signal;
            SetHandler(_out, this);
        }

        public List<ArraySegment<byte>> Take()
        {
            _isOffered = false;
            return _segments;
        }

        public void Sent(int bytes) => _outbox.WriterSent(bytes);

        public override void PreStart()
        {
            _signal.Connect(GetAsyncCallback(Next));
            if (_signal.IsOver) CompleteStage();
        }

        // A stream that is stopped abruptly may never pass the batch on; the outbox must not wait for it.
        public override void PostStop()
        {
            if (_isOffered) Sent(0);
        }

        public override void OnPull() => Next();

        private void Next()
        {
            if (_signal.IsOver)
            {
                CompleteStage();
                return;
            }

            if (!IsAvailable(_out) || _outbox.NextBatch() is not { } segments) return;
            _segments = segments;
            _isOffered = true;
            Push(_out, this);
        }
    }
}
