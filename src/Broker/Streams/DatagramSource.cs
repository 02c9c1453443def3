using System.Runtime.CompilerServices;
using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>Datagrams from the socket, as many as wait, a batch at a time. Its end or failure is that of the socket.</summary>
internal sealed class DatagramSource(DatagramSocket socket, DatagramBatch batch) : GraphStage<SourceShape<DatagramBatch>>
{
    private readonly Outlet<DatagramBatch> _out = new("datagram.batches");

    public override SourceShape<DatagramBatch> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, socket, batch);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly Outlet<DatagramBatch> _out;
        private readonly DatagramSocket _socket;
        private readonly DatagramBatch _batch;
        private readonly Action _readable;
        private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _wait;

        public Logic(DatagramSource stage, DatagramSocket socket, DatagramBatch batch)
            : base(stage.Shape)
        {
            _out = stage._out;
            _socket = socket;
            _batch = batch;
            _readable = GetAsyncCallback(OnReadable);
            SetHandler(_out, this);
        }

        public override void OnPull() => Receive();

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
            try
            {
#pragma warning disable CA2012 // awaited once, by hand: a state machine for each wait would be garbage for each wake-up
                _wait = _socket.WaitAsync().ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
            }
            catch (ObjectDisposedException)
            {
                CompleteStage();
                return;
            }

            _wait.UnsafeOnCompleted(_readable);
        }

        private void OnReadable()
        {
            try
            {
                _wait.GetResult();
            }
            catch (Exception e) when (SocketOutcomes.Of(e) != SocketOutcome.Fault)
            {
                CompleteStage();
                return;
            }

            Receive();
        }
    }
}
