using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Drops all elements. Like the real one it says nothing when the stream is stopped abruptly: use WatchTermination for that.</summary>
internal sealed class IgnoreSink<T> : GraphStageWithMaterializedValue<SinkShape<T>, Task<Done>>
{
    public override SinkShape<T> Shape { get; } = new(new Inlet<T>("Ignore.in"));

    protected override Attributes InitialAttributes => Attributes.CreateName("ignoreSink");

    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<Task<Done>>(logic, logic.Result);
    }

    public override string ToString() => "IgnoreSink";

    private sealed class Logic(IgnoreSink<T> stage) : PullingSinkLogic<T, Done>(stage.Shape)
    {
        public override void OnPush()
        {
            Grab(In);
            Pull(In);
        }

        public override void OnUpstreamFinish()
        {
            CompleteStage();
            Promise.TrySetResult(Done.Instance);
        }
    }
}
