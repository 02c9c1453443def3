using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// The protocols <c>echo</c> and <c>identity</c>, raw bytes without frames: every received chunk is answered, with itself or with the
/// identity of the connection as 36 characters; <c>identity</c> also greets with it.
/// </summary>
/// <param name="identity">The answer; null to send back what came.</param>
internal sealed class EchoStage(byte[]? identity) : GraphStage<FlowShape<InboundBuffer, IOutboundBatch>>
{
    private readonly Inlet<InboundBuffer> _in = new("echo.bytes");
    private readonly Outlet<IOutboundBatch> _out = new("echo.batches");

    public override FlowShape<InboundBuffer, IOutboundBatch> Shape => new(_in, _out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, identity);

    private sealed class Logic : InAndOutGraphStageLogic, IOutboundBatch
    {
        private readonly EchoStage _stage;
        private readonly byte[]? _identity;
        private readonly List<ArraySegment<byte>> _segments = [];
        private InboundBuffer? _buffer;
        private int _left;
        private int _offset;

        public Logic(EchoStage stage, byte[]? identity)
            : base(stage.Shape)
        {
            _stage = stage;
            _identity = identity;
            _left = identity?.Length ?? 0;
            SetHandlers(stage._in, stage._out, this);
        }

        public List<ArraySegment<byte>> Take() => _segments;

        public void Sent(int bytes)
        {
            _left -= bytes;
            _offset += bytes;
        }

        public override void OnPush()
        {
            _buffer = Grab(_stage._in);
            _left = _identity?.Length ?? _buffer.UnreadLength;
            _offset = 0;
            Offer();
        }

        // The sink asks for the next batch when it has done with the last: either a rest is left, or the peer may send more.
        public override void OnPull()
        {
            if (_left > 0)
            {
                Offer();
                return;
            }

            _buffer?.Consume(_buffer.UnreadLength);
            _buffer = null;
            if (IsClosed(_stage._in)) CompleteStage();
            else if (!HasBeenPulled(_stage._in)) Pull(_stage._in);
        }

        public override void OnUpstreamFinish()
        {
            if (_left == 0) CompleteStage();
        }

        private void Offer()
        {
            var bytes = _identity is null
                ? new ArraySegment<byte>(_buffer!.Slab.Bytes, _buffer.Start + _offset, _left)
                : new ArraySegment<byte>(_identity, _offset, _left);
            _segments.Clear();
            _segments.Add(bytes);
            Push(_stage._out, this);
        }
    }
}
