using System.Net.Sockets;
using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Sends batches to the socket. Each batch is offered to the kernel in one gathered call; what did not fit is returned and comes again with
/// the next batch, which is pulled when the socket is writable.
/// </summary>
internal sealed class SocketSink(UnixConnection connection, IConnectionEvents events) : GraphStage<SinkShape<IOutboundBatch>>
{
    private readonly Inlet<IOutboundBatch> _in = new("socket.batches");

    public override SinkShape<IOutboundBatch> Shape => new(_in);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, connection, events);

    private sealed class Logic : InGraphStageLogic
    {
        private readonly Inlet<IOutboundBatch> _in;
        private readonly UnixConnection _connection;
        private readonly IConnectionEvents _events;
        private readonly Action _next;
        private readonly Action _writable;
        private readonly Action<Exception> _failed;

        public Logic(SocketSink stage, UnixConnection connection, IConnectionEvents events)
            : base(stage.Shape)
        {
            _in = stage._in;
            _connection = connection;
            _events = events;
            _next = GetAsyncCallback(() => TryPull(_in));
            _writable = () => InPlaceExecutor.Offer(_next);
            _failed = GetAsyncCallback<Exception>(Fail);
            SetHandler(_in, this);
        }

        public override void PreStart() => Pull(_in);

        public override void OnPush()
        {
            var batch = Grab(_in);
            var segments = batch.Take();
            var sent = _connection.TrySend(segments, out var error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                batch.Sent(sent);
                Fail(new SocketException((int)error));
            }
            else if (sent == 0 && _connection.MaxPacket != 0) _ = SendPacket(batch, segments);
            else
            {
                var isFull = sent < segments.Bytes();
                batch.Sent(sent);
                if (!isFull) Pull(_in);
                else if (!_connection.UntilWritable(_writable)) CompleteStage();
            }
        }

        public override void PostStop() => _events.StreamEnded();

        public override void OnUpstreamFinish()
        {
            _events.End(Endings.PeerGone);
            CompleteStage();
        }

        public override void OnUpstreamFailure(Exception e) => Fail(e);

        // A socket that has room is writable, but perhaps not for a packet of this size, which cannot be cut: the system call waits for it.
        // The result goes to the batch at once, not through the stage: the stage may have ended while the kernel still held the bytes.
        private async Task SendPacket(IOutboundBatch batch, List<ArraySegment<byte>> segments)
        {
            try
            {
                batch.Sent(await _connection.SendPacketAsync(segments).ConfigureAwait(false));
                _next();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                batch.Sent(0);
                _failed(e);
            }
        }

        private void Fail(Exception cause)
        {
            _events.End(Endings.Of(cause));
            CompleteStage();
        }
    }
}
