using Akka.Streams;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>Hands elements on and records its life; may throw at its beginning or its end.</summary>
public sealed class LifecycleStage(Recorder signals, string name, Exception? atStart = null, Exception? atStop = null)
    : GraphStage<FlowShape<string, string>>
{
    public override FlowShape<string, string> Shape { get; } = new(new Inlet<string>("Life.in"), new Outlet<string>("Life.out"));

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, signals, name, atStart, atStop);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly LifecycleStage _stage;
        private readonly Recorder _signals;
        private readonly string _name;
        private readonly Exception? _atStart;
        private readonly Exception? _atStop;

        public Logic(LifecycleStage stage, Recorder signals, string name, Exception? atStart, Exception? atStop)
            : base(stage.Shape)
        {
            _stage = stage;
            _signals = signals;
            _name = name;
            _atStart = atStart;
            _atStop = atStop;
            SetHandlers(stage.Shape.Inlet, stage.Shape.Outlet, this);
        }

        public override void PreStart()
        {
            _signals.Add(new Signal("pre-start", _name));
            if (_atStart is not null)
                throw _atStart;
        }

        public override void OnPush() => Push(_stage.Shape.Outlet, Grab(_stage.Shape.Inlet));

        public override void OnPull() => Pull(_stage.Shape.Inlet);

        public override void PostStop()
        {
            _signals.Add(new Signal("post-stop", _name));
            if (_atStop is not null)
                throw _atStop;
        }
    }
}
