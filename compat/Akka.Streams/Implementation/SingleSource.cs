using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Emits one element and completes.</summary>
internal sealed class SingleSource<T> : GraphStage<SourceShape<T>>
{
    private readonly T _element;
    private readonly Outlet<T> _out = new("single.out");

    public SingleSource(T element)
    {
        if (element is null)
            throw new ArgumentNullException(nameof(element), "Element must not be null, rule 2.13");
        _element = element;
        Shape = new SourceShape<T>(_out);
    }

    public override SourceShape<T> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName("singleSource");

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly SingleSource<T> _stage;

        public Logic(SingleSource<T> stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._out, this);
        }

        public override void OnPull()
        {
            Push(_stage._out, _stage._element);
            CompleteStage();
        }
    }
}
