using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Completes at once.</summary>
internal sealed class EmptySource<T> : GraphStage<SourceShape<T>>
{
    private readonly Outlet<T> _out = new("EmptySource.out");

    public EmptySource() => Shape = new SourceShape<T>(_out);

    public override SourceShape<T> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName("emptySource");

    public override string ToString() => "EmptySource";

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : GraphStageLogic
    {
        public Logic(EmptySource<T> stage)
            : base(stage.Shape) => SetHandler(stage._out, EagerTerminateOutput);

        public override void PreStart() => CompleteStage();
    }
}
