using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Yields the last element.</summary>
internal sealed class LastSink<T> : GraphStageWithMaterializedValue<SinkShape<T>, Task<T>>
{
    private readonly bool _failIfEmpty;

    public LastSink(bool failIfEmpty) => _failIfEmpty = failIfEmpty;

    public override SinkShape<T> Shape { get; } = new(new Inlet<T>("lastOrDefault.in"));

    protected override Attributes InitialAttributes => Attributes.CreateName("lastOrDefaultSink");

    public override ILogicAndMaterializedValue<Task<T>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<Task<T>>(logic, logic.Result);
    }

    public override string ToString() => "LastOrDefaultStage";

    private sealed class Logic(LastSink<T> stage) : PullingSinkLogic<T, T>(stage.Shape)
    {
        private T _last;
        private bool _any;

        public override void OnPush()
        {
            _last = Grab(In);
            _any = true;
            Pull(In);
        }

        public override void OnUpstreamFinish()
        {
            if (!_any && stage._failIfEmpty)
                Promise.TrySetException(new NoSuchElementException("Last of empty stream"));
            else
                Promise.TrySetResult(_last);
            CompleteStage();
        }
    }
}
