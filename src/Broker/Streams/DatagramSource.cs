using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>Datagrams from the socket, as many as wait, a batch at a time. Its end is that of the socket.</summary>
/// <remarks>
/// Like <see cref="SocketSource"/> it runs on the polling thread: during a flood it yields to other sockets after a few batches.
/// </remarks>
internal sealed class DatagramSource(DatagramSocket socket, DatagramBatch batch) : GraphStage<SourceShape<DatagramBatch>>
{
    private readonly Outlet<DatagramBatch> _out = new("datagram.batches");

    public override SourceShape<DatagramBatch> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, socket, batch);

    private sealed class Logic : OutGraphStageLogic
    {
        /// <summary>How many batches are received before other sockets get a turn.</summary>
        private const int MaxInARow = 8;

        private readonly Outlet<DatagramBatch> _out;
        private readonly DatagramSocket _socket;
        private readonly DatagramBatch _batch;
        private readonly Action _arrived;
        private int _inARow;

        public Logic(DatagramSource stage, DatagramSocket socket, DatagramBatch batch)
            : base(stage.Shape)
        {
            _out = stage._out;
            _socket = socket;
            _batch = batch;
            var readable = GetAsyncCallback(OnReadable);
            _arrived = () => InPlaceExecutor.Offer(readable);
            SetHandler(_out, this);
        }

        public override void OnPull()
        {
            if (++_inARow > MaxInARow) Wait();
            else Receive();
        }

        public override void PostStop() => _batch.Release();

        private void Receive()
        {
            switch (_batch.Fill(_socket))
            {
                case ReceiveState.Received:
                    Push(_out, _batch);
                    break;
                case ReceiveState.Empty:
                    Wait();
                    break;
                default:
                    CompleteStage();
                    break;
            }
        }

        private void Wait()
        {
            _batch.Release();
            if (!_socket.UntilReadable(_arrived)) CompleteStage();
        }

        private void OnReadable()
        {
            _inARow = 0;
            Receive();
        }
    }
}
