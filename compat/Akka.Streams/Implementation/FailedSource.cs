using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Fails at once.</summary>
internal sealed class FailedSource<T> : GraphStage<SourceShape<T>>
{
    private readonly Exception _cause;
    private readonly Outlet<T> _out = new("FailedSource.out");

    public FailedSource(Exception cause)
    {
        _cause = cause;
        Shape = new SourceShape<T>(_out);
    }

    public override SourceShape<T> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName("failedSource");

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : GraphStageLogic
    {
        private readonly Exception _cause;

        public Logic(FailedSource<T> stage)
            : base(stage.Shape)
        {
            _cause = stage._cause;
            SetHandler(stage._out, EagerTerminateOutput);
        }

        public override void PreStart() => FailStage(_cause);
    }
}
