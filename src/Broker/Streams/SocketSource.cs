using System.Runtime.CompilerServices;
using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Bytes from the socket, a whole buffer at a time. It receives only when it is asked to, which is how a publisher is slowed down,
/// and it holds no memory while the socket is idle.
/// </summary>
/// <remarks>
/// The element is the connection's one <see cref="InboundBuffer"/>: "there is more in it". Downstream consumes what it can and
/// pulls again; the same buffer then comes back with more.
/// </remarks>
internal sealed class SocketSource(UnixConnection connection, SlabPool pool) : GraphStage<SourceShape<InboundBuffer>>
{
    private readonly Outlet<InboundBuffer> _out = new("socket.bytes");

    public override SourceShape<InboundBuffer> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, connection, pool);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly Outlet<InboundBuffer> _out;
        private readonly UnixConnection _connection;
        private readonly InboundBuffer _buffer;
        private readonly Action _readable;
        private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _wait;

        public Logic(SocketSource stage, UnixConnection connection, SlabPool pool)
            : base(stage.Shape)
        {
            _out = stage._out;
            _connection = connection;
            _buffer = new InboundBuffer(pool);
            _readable = GetAsyncCallback(OnReadable);
            SetHandler(_out, this);
        }

        public override void OnPull() => Receive();

        public override void PostStop() => _buffer.Release();

        private void Receive()
        {
            var received = _connection.TryReceive(_buffer.FreeSpace().Span, out var state);
            switch (state)
            {
                case ReceiveState.Received:
                    _buffer.Filled(received);
                    Push(_out, _buffer);
                    break;
                case ReceiveState.Empty:
                    _buffer.ReleaseIfEmpty();
#pragma warning disable CA2012 // awaited once, by hand: a state machine for each wait would be garbage for each wake-up
                    _wait = _connection.ReceiveAsync(Memory<byte>.Empty).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
                    _wait.UnsafeOnCompleted(_readable);
                    break;
                default:
                    CompleteStage();
                    break;
            }
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
