using System.Collections.Immutable;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Yields all elements as a list.</summary>
internal sealed class SeqSink<T> : GraphStageWithMaterializedValue<SinkShape<T>, Task<IImmutableList<T>>>
{
    public override SinkShape<T> Shape { get; } = new(new Inlet<T>("Seq.in"));

    protected override Attributes InitialAttributes => Attributes.CreateName("seqSink");

    public override ILogicAndMaterializedValue<Task<IImmutableList<T>>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<Task<IImmutableList<T>>>(logic, logic.Result);
    }

    public override string ToString() => "SeqStage";

    private sealed class Logic(SeqSink<T> stage) : PullingSinkLogic<T, IImmutableList<T>>(stage.Shape)
    {
        private readonly ImmutableList<T>.Builder _elements = ImmutableList.CreateBuilder<T>();

        public override void OnPush()
        {
            _elements.Add(Grab(In));
            Pull(In);
        }

        public override void OnUpstreamFinish()
        {
            Promise.TrySetResult(_elements.ToImmutable());
            CompleteStage();
        }

        public override void PostStop()
        {
            if (!Result.IsCompleted)
                Promise.TrySetException(new AbruptStageTerminationException(this));
        }
    }
}
