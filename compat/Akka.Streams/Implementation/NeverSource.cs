using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Never emits and never ends by itself.</summary>
internal sealed class NeverSource<T> : GraphStage<SourceShape<T>>
{
    private readonly Outlet<T> _out = new("NeverSource.out");

    public NeverSource() => Shape = new SourceShape<T>(_out);

    public override SourceShape<T> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName("neverSource");

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : GraphStageLogic
    {
        public Logic(NeverSource<T> stage)
            : base(stage.Shape) => SetHandler(stage._out, EagerTerminateOutput);
    }
}
