using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Yields the first element and cancels.</summary>
internal sealed class FirstSink<T> : GraphStageWithMaterializedValue<SinkShape<T>, Task<T>>
{
    private readonly bool _failIfEmpty;

    public FirstSink(bool failIfEmpty) => _failIfEmpty = failIfEmpty;

    public override SinkShape<T> Shape { get; } = new(new Inlet<T>("firstOrDefault.in"));

    protected override Attributes InitialAttributes =>
        Attributes.CreateName("firstOrDefaultSink").And(Attributes.CreateInputBuffer(initial: 1, max: 1));

    public override ILogicAndMaterializedValue<Task<T>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<Task<T>>(logic, logic.Result);
    }

    public override string ToString() => "FirstOrDefaultStage";

    private sealed class Logic(FirstSink<T> stage) : PullingSinkLogic<T, T>(stage.Shape)
    {
        public override void OnPush()
        {
            Promise.TrySetResult(Grab(In));
            CompleteStage();
        }

        public override void OnUpstreamFinish()
        {
            if (stage._failIfEmpty)
                Promise.TrySetException(new NoSuchElementException("First of empty stream"));
            else
                Promise.TrySetResult(default);
            CompleteStage();
        }
    }
}
