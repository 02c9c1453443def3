using Akka.Streams;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>A bidi stage: texts become numbers in one direction, and numbers become texts in the other.</summary>
public sealed class CodecStage : GraphStage<BidiShape<string, int, int, string>>
{
    public override BidiShape<string, int, int, string> Shape { get; } = new(
        new Inlet<string>("Decode.in"), new Outlet<int>("Decode.out"), new Inlet<int>("Encode.in"), new Outlet<string>("Encode.out"));

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(Shape);

    private sealed class Logic : GraphStageLogic
    {
        public Logic(BidiShape<string, int, int, string> shape)
            : base(shape)
        {
            SetHandler(shape.Inlet1, onPush: () => Push(shape.Outlet1, int.Parse(Grab(shape.Inlet1), null)), onUpstreamFinish: () => Complete(shape.Outlet1));
            SetHandler(shape.Outlet1, onPull: () => Pull(shape.Inlet1), onDownstreamFinish: cause => Cancel(shape.Inlet1, cause));
            SetHandler(shape.Inlet2, onPush: () => Push(shape.Outlet2, $"{Grab(shape.Inlet2)}"), onUpstreamFinish: () => Complete(shape.Outlet2));
            SetHandler(shape.Outlet2, onPull: () => Pull(shape.Inlet2), onDownstreamFinish: cause => Cancel(shape.Inlet2, cause));
        }
    }
}
