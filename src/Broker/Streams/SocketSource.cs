using System.Diagnostics;
using System.Net.Sockets;
using Akka.Streams;
using Akka.Streams.Stage;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Bytes from the socket, a whole buffer at a time. It receives only on a pull, which is how a publisher is slowed down, and when the
/// bounds allow; it holds no memory while the socket is idle, and ends the connection of a peer that does not finish a frame.
/// </summary>
/// <remarks>
/// The element is the connection's one <see cref="InboundBuffer"/>: "there is more in it". Downstream consumes what it can and
/// pulls again; the same buffer then comes back with more. Where there are packets each element is one.
/// The stream runs on the polling thread that reports the socket's events (<see cref="InPlaceExecutor"/>), which serves other sockets as
/// well: a peer that always has more data has to yield after a few buffers.
/// </remarks>
internal sealed class SocketSource(UnixConnection connection, SlabPool pool, ReceiveBounds bounds, StageSignal signal, IConnectionEvents events)
    : GraphStage<SourceShape<InboundBuffer>>
{
    private readonly Outlet<InboundBuffer> _out = new("socket.bytes");

    public override SourceShape<InboundBuffer> Shape => new(_out);

    private UnixConnection Connection => connection;

    private SlabPool Pool => pool;

    private ReceiveBounds Bounds => bounds;

    private StageSignal Signal => signal;

    private IConnectionEvents Events => events;

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : TimerGraphStageLogic, IOutHandler
    {
        private const string PauseTimer = "pause";
        private const string FrameTimer = "frame";

        /// <summary>How many buffers of one peer are received before others get a turn.</summary>
        private const int MaxInARow = 8;

        /// <summary>How long to wait before asking again whether the broker has memory for a large frame.</summary>
        private static readonly TimeSpan MemoryRetryInterval = TimeSpan.FromMilliseconds(10);

        private readonly SocketSource _stage;
        private readonly InboundBuffer _buffer;
        private readonly Action _readable;
        private readonly Action _arrived;
        private FrameWatch? _watch;
        private TickPace _watchPace;
        private TimeSpan _pause;
        private bool _isWaiting;
        private bool _isEmptied;
        private int _inARow;

        public Logic(SocketSource stage)
            : base(stage.Shape)
        {
            _stage = stage;
            _buffer = new InboundBuffer(stage.Pool, stage.Bounds.Memory);
            _readable = GetAsyncCallback(OnReadable);
            _arrived = () => InPlaceExecutor.Offer(_readable);
            SetHandler(stage._out, this);
        }

        public override void PreStart()
        {
            _stage.Signal.Connect(_readable);
            if (_stage.Signal.IsOver) CompleteStage();
        }

        private FrameWatch Watch => _watch ??= new FrameWatch(_buffer, _stage.Pool.SlabBytes);

        public void OnPull()
        {
            if (_pause != TimeSpan.Zero) Pause(_pause);
            else if (_isEmptied || ++_inARow > MaxInARow) Wait();
            else Receive();
        }

        public void OnDownstreamFinish(Exception cause) => CancelStage(cause);

        public override void PostStop() => _buffer.Release();

        protected override void OnTimer(object timerKey)
        {
            if (Equals(timerKey, FrameTimer))
            {
                CheckFrame();
                return;
            }

            _stage.Bounds.IsPausing = false;
            Receive();
        }

        private void Receive()
        {
            var maxPacket = _stage.Connection.MaxPacket;
            if (maxPacket == 0 && !_buffer.HasRoomToGrow())
            {
                Pause(MemoryRetryInterval);
                return;
            }

            if (!TryTakeRoom(maxPacket, out var room)) return;
            if (!TryReceive(room, out var received, out var state)) return;
            _isEmptied = state == ReceiveState.Received && maxPacket == 0 && received < room.Length;
            switch (state)
            {
                case ReceiveState.Received:
                    _buffer.Filled(received);
                    _pause = _stage.Bounds.Take(received);
                    Push(_stage._out, _buffer);
                    break;
                case ReceiveState.Empty:
                    Wait();
                    break;
                case ReceiveState.TooLarge:
                    FailStage(new PacketTooLargeException(received, maxPacket));
                    break;
                default:
                    CompleteStage();
                    break;
            }
        }

        // The runtime may be out of memory although the budget has room, when its heap is bounded or fragmented. Then only the connection
        // ends whose frame is too large.
        private bool TryTakeRoom(int maxPacket, out Span<byte> room)
        {
            try
            {
                room = Room(maxPacket);
                return true;
            }
            catch (OutOfMemoryException)
            {
                room = default;
                _stage.Events.End(Endings.NoMemory(_buffer.UnreadLength));
                return false;
            }
        }

        private bool TryReceive(Span<byte> room, out int received, out ReceiveState state)
        {
            try
            {
                received = _stage.Connection.TryReceive(room, out state);
                return true;
            }
            catch (SocketException e)
            {
                (received, state) = (0, ReceiveState.Ended);
                FailStage(e);
                return false;
            }
        }

        // A packet cannot be received in part, so for packets only the pause enforces the rate.
        private Span<byte> Room(int maxPacket)
        {
            if (maxPacket != 0) return _buffer.FreeSpace(maxPacket).Span;
            var free = _buffer.FreeSpace().Span;
            return free.Length > _stage.Bounds.MaxAtOnce ? free[.._stage.Bounds.MaxAtOnce] : free;
        }

        private void Wait()
        {
            _buffer.ReleaseIfEmpty();
            _isWaiting = true;
            if (_buffer.UnreadLength > 0 && Watch.TryBegin()) WatchFrame();
            if (!_stage.Connection.UntilReadable(_arrived)) CompleteStage();
        }

        private void OnReadable()
        {
            if (_stage.Signal.IsOver)
            {
                CompleteStage();
                return;
            }

            _isWaiting = false;
            _inARow = 0;
            Receive();
        }

        private void Pause(TimeSpan pause)
        {
            _stage.Bounds.IsPausing = true;
            ScheduleOnce(PauseTimer, pause);
        }

        private void WatchFrame()
        {
            _watchPace.Begin(Stopwatch.GetTimestamp());
            ScheduleRepeatedly(FrameTimer, _stage.Bounds.FrameTimeout / FrameWatch.Checks);
        }

        private void CheckFrame()
        {
            if (!_watchPace.IsTick(Stopwatch.GetTimestamp(), _stage.Bounds.FrameTimeout / FrameWatch.Checks, out _)) return;
            switch (Watch.Check(_isWaiting))
            {
                case FrameWatch.Verdict.Over:
                    CancelTimer(FrameTimer);
                    break;
                case FrameWatch.Verdict.TooSlow:
                    CancelTimer(FrameTimer);
                    _stage.Events.End(Endings.FrameTimeout(_stage.Bounds.FrameTimeout, _buffer.UnreadLength));
                    break;
            }
        }
    }
}
