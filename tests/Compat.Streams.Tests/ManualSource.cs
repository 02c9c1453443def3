using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>A source that does only what the test says. It reacts to a cancellation by ending with the cause, as most stages do.</summary>
public sealed class ManualSource<T> : GraphStageWithMaterializedValue<SourceShape<T>, ManualSource<T>.Control>
{
    private readonly Outlet<T> _out = new("Manual.out");

    public ManualSource() => Shape = new SourceShape<T>(_out);

    public override SourceShape<T> Shape { get; }

    public override ILogicAndMaterializedValue<Control> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var control = new Control();
        return new LogicAndMaterializedValue<Control>(new Port(this, control), control);
    }

    public sealed class Control : ManualControl<Port>
    {
        public Task PushAsync(T element) => DoAsync(port => port.Push(element));

        public Task CompleteAsync() => DoAsync(port => port.CompleteStage());

        public Task FailAsync(Exception cause) => DoAsync(port => port.FailStage(cause));
    }

    public sealed class Port : OutGraphStageLogic
    {
        private readonly ManualSource<T> _stage;
        private readonly Control _control;

        public Port(ManualSource<T> stage, Control control)
            : base(stage.Shape)
        {
            _stage = stage;
            _control = control;
            SetHandler(stage._out, this);
        }

        public bool IsOutAvailable => IsAvailable(_stage._out);

        public bool IsOutClosed => IsClosed(_stage._out);

        public IActorRef RunningIn { get; private set; } = ActorRefs.Nobody;

        public void Push(T element) => Push(_stage._out, element);

        public void Complete() => Complete(_stage._out);

        public void Fail(Exception cause) => Fail(_stage._out, cause);

        public void Emit(T element, Action andThen) => Emit(_stage._out, element, andThen);

        public void EmitMultiple(IEnumerable<T> elements, Action andThen) => EmitMultiple(_stage._out, elements, andThen);

        public void AbortEmitting() => AbortEmitting(_stage._out);

        public override void PreStart()
        {
            RunningIn = ActorCell.GetCurrentSelfOrNoSender();
            _control.Signals.Add(Signal.PreStart);
            _control.Started(GetAsyncCallback<Action<Port>>(action => action(this)));
        }

        public override void OnPull() => _control.Signals.Add(Signal.Pull);

        public override void OnDownstreamFinish(Exception cause)
        {
            _control.Signals.Add(Signal.Cancel(cause));
            base.OnDownstreamFinish(cause);
        }

        public override void PostStop() => _control.Signals.Add(Signal.PostStop);
    }
}
