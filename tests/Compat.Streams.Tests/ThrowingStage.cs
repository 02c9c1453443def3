using Akka.Streams;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>Throws at the first element.</summary>
public sealed class ThrowingStage(Exception trouble) : GraphStage<FlowShape<string, string>>
{
    public override FlowShape<string, string> Shape { get; } = new(new Inlet<string>("Throwing.in"), new Outlet<string>("Throwing.out"));

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(Shape, trouble);

    private sealed class Logic : GraphStageLogic
    {
        public Logic(FlowShape<string, string> shape, Exception trouble)
            : base(shape)
        {
            SetHandler(shape.Inlet, onPush: () => throw trouble);
            SetHandler(shape.Outlet, onPull: () => Pull(shape.Inlet));
        }
    }
}
