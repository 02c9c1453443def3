using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Emits the same element for ever.</summary>
internal sealed class RepeatSource<T> : GraphStage<SourceShape<T>>
{
    private readonly T _element;
    private readonly Outlet<T> _out = new("Repeat.out");

    public RepeatSource(T element)
    {
        _element = element;
        Shape = new SourceShape<T>(_out);
    }

    public override SourceShape<T> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName("repeat");

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly RepeatSource<T> _stage;

        public Logic(RepeatSource<T> stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._out, this);
        }

        public override void OnPull() => Push(_stage._out, _stage._element);
    }
}
