using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>A sink that does only what the test says. Elements are grabbed as they come.</summary>
public sealed class ManualSink<T> : GraphStageWithMaterializedValue<SinkShape<T>, ManualSink<T>.Control>
{
    private readonly Inlet<T> _in = new("Manual.in");
    private readonly bool _grabs;

    public ManualSink(bool grabs = true)
    {
        _grabs = grabs;
        Shape = new SinkShape<T>(_in);
    }

    public override SinkShape<T> Shape { get; }

    public override ILogicAndMaterializedValue<Control> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var control = new Control();
        return new LogicAndMaterializedValue<Control>(new Port(this, control), control);
    }

    public sealed class Control : ManualControl<Port>
    {
        public Task PullAsync() => DoAsync(port => port.Pull());

        public Task CancelAsync() => DoAsync(port => port.Cancel());

        public Task CancelAsync(Exception cause) => DoAsync(port => port.Cancel(cause));
    }

    public sealed class Port : InGraphStageLogic
    {
        private readonly ManualSink<T> _stage;
        private readonly Control _control;

        public Port(ManualSink<T> stage, Control control)
            : base(stage.Shape)
        {
            _stage = stage;
            _control = control;
            SetHandler(stage._in, this);
        }

        public bool HasBeenPulled => HasBeenPulled(_stage._in);

        public bool IsInAvailable => IsAvailable(_stage._in);

        public bool IsInClosed => IsClosed(_stage._in);

        public IActorRef RunningIn { get; private set; } = ActorRefs.Nobody;

        /// <summary>Whether the end of the upstream is only recorded.</summary>
        public bool OutlivesUpstream { get; set; }

        public void Pull() => Pull(_stage._in);

        public void TryPull() => TryPull(_stage._in);

        public T Grab() => Grab(_stage._in);

        public void Cancel() => Cancel(_stage._in);

        public void Cancel(Exception cause) => Cancel(_stage._in, cause);

        public void KeepGoing(bool enabled) => SetKeepGoing(enabled);

        public void Read(Action<T> andThen, Action onClose) => Read(_stage._in, andThen, onClose);

        public void ReadMany(int n, Action<IEnumerable<T>> andThen, Action<IEnumerable<T>> onComplete) =>
            ReadMany(_stage._in, n, andThen, onComplete);

        public override void PreStart()
        {
            RunningIn = ActorCell.GetCurrentSelfOrNoSender();
            _control.Signals.Add(Signal.PreStart);
            _control.Started(GetAsyncCallback<Action<Port>>(action => action(this)));
        }

        public override void OnPush() => _control.Signals.Add(Signal.Push(_stage._grabs ? Grab()! : "not grabbed"));

        public override void OnUpstreamFinish()
        {
            _control.Signals.Add(Signal.Finish);
            if (!OutlivesUpstream)
                base.OnUpstreamFinish();
        }

        public override void OnUpstreamFailure(Exception e)
        {
            _control.Signals.Add(Signal.Failure(e));
            if (!OutlivesUpstream)
                base.OnUpstreamFailure(e);
        }

        public override void PostStop() => _control.Signals.Add(Signal.PostStop);
    }
}
