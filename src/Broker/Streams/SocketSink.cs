using System.Net.Sockets;
using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Sends batches to the socket. Each batch is offered to the kernel in one gathered call; when nothing fits, the first piece waits
/// until the socket is writable. What a batch could not send comes back with the next one.
/// </summary>
internal sealed class SocketSink(UnixConnection connection, IConnectionEvents events) : GraphStage<SinkShape<IOutboundBatch>>
{
    private readonly Inlet<IOutboundBatch> _in = new("socket.batches");

    public override SinkShape<IOutboundBatch> Shape => new(_in);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, connection, events);

    private sealed class Logic : InGraphStageLogic
    {
        /// <summary>A long wait for one huge piece would keep the rest of the batch's memory; this much shows that the peer reads.</summary>
        private const int MostWhileWaiting = 65536;

        private readonly Inlet<IOutboundBatch> _in;
        private readonly UnixConnection _connection;
        private readonly IConnectionEvents _events;
        private readonly Action _next;
        private readonly Action<Exception> _failed;

        public Logic(SocketSink stage, UnixConnection connection, IConnectionEvents events)
            : base(stage.Shape)
        {
            _in = stage._in;
            _connection = connection;
            _events = events;
            _next = GetAsyncCallback(() => TryPull(_in));
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
            else if (sent > 0)
            {
                batch.Sent(sent);
                Pull(_in);
            }
            else _ = SendWhenWritable(batch, segments);
        }

        public override void OnUpstreamFinish()
        {
            _events.End(Endings.PeerGone);
            CompleteStage();
        }

        public override void OnUpstreamFailure(Exception e) => Fail(e);

        // The result goes to the batch at once, not through the stage: the stage may have ended while the kernel still held the bytes.
        // A packet cannot be cut, so it waits as a whole.
        private async Task SendWhenWritable(IOutboundBatch batch, List<ArraySegment<byte>> segments)
        {
            try
            {
                var sent = _connection.MaxPacket != 0
                    ? await _connection.SendPacketAsync(segments).ConfigureAwait(false)
                    : await _connection.SendAsync(segments[0][..Math.Min(segments[0].Count, MostWhileWaiting)]).ConfigureAwait(false);
                batch.Sent(sent);
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
