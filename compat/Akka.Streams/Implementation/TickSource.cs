using Akka.Actor;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Emits the same element at intervals; when the downstream is slower, ticks are dropped. Cancelling its value completes it.</summary>
internal sealed class TickSource<T> : GraphStageWithMaterializedValue<SourceShape<T>, ICancelable>
{
    private readonly TimeSpan _initialDelay;
    private readonly TimeSpan _interval;
    private readonly T _tick;
    private readonly Outlet<T> _out = new("TimerSource.out");

    public TickSource(TimeSpan initialDelay, TimeSpan interval, T tick)
    {
        _initialDelay = initialDelay;
        _interval = interval;
        _tick = tick;
        Shape = new SourceShape<T>(_out);
    }

    public override SourceShape<T> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName("tickSource");

    public override ILogicAndMaterializedValue<ICancelable> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<ICancelable>(logic, logic);
    }

    public override string ToString() => $"TickSource({_initialDelay}, {_interval}, {_tick})";

    private sealed class Logic : TimerGraphStageLogic, ICancelable
    {
        private const int Waiting = 0, Running = 1, Cancelled = 2;
        private readonly TickSource<T> _stage;
        private readonly Action _complete;
        private int _state;

        public Logic(TickSource<T> stage)
            : base(stage.Shape)
        {
            _stage = stage;
            _complete = GetAsyncCallback(CompleteStage);
            SetHandler(stage._out, EagerTerminateOutput);
        }

        public bool IsCancellationRequested => Volatile.Read(ref _state) == Cancelled;

        public CancellationToken Token => CancellationToken.None;

        public override void PreStart()
        {
            if (Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting)
                ScheduleRepeatedly("TickTimer", _stage._initialDelay, _stage._interval);
            else
                CompleteStage();
        }

        public void Cancel()
        {
            if (Interlocked.Exchange(ref _state, Cancelled) == Running)
                _complete();
        }

        public void Cancel(bool throwOnFirstException) => Cancel();

        public void CancelAfter(TimeSpan delay) => _ = Task.Delay(delay).ContinueWith(_ => Cancel(), TaskScheduler.Default);

        public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

        protected internal override void OnTimer(object timerKey)
        {
            if (IsAvailable(_stage._out) && !IsCancellationRequested)
                Push(_stage._out, _stage._tick);
        }
    }
}
