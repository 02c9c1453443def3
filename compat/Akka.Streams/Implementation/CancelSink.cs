using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Cancels at once.</summary>
internal sealed class CancelSink<T> : GraphStage<SinkShape<T>>
{
    public override SinkShape<T> Shape { get; } = new(new Inlet<T>("CancelledSink.in"));

    protected override Attributes InitialAttributes => Attributes.CreateName("cancelledSink");

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(Shape);

    private sealed class Logic : GraphStageLogic
    {
        private readonly Inlet<T> _in;

        public Logic(SinkShape<T> shape)
            : base(shape)
        {
            _in = shape.Inlet;
            SetHandler(_in, EagerTerminateInput);
        }

        public override void PreStart() => Cancel(_in);
    }
}
