using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>A source with a buffer that programs offer elements to; see <see cref="QueueSourceLogic{T}"/> for how.</summary>
internal sealed class QueueSource<T> : GraphStageWithMaterializedValue<SourceShape<T>, ISourceQueueWithComplete<T>>
{
    public readonly int BufferSize;
    public readonly OverflowStrategy Strategy;

    public QueueSource(int bufferSize, OverflowStrategy strategy)
    {
        BufferSize = bufferSize;
        Strategy = strategy;
    }

    public override SourceShape<T> Shape { get; } = new(new Outlet<T>("queueSource.out"));

    protected override Attributes InitialAttributes => Attributes.CreateName("queueSource");

    public override ILogicAndMaterializedValue<ISourceQueueWithComplete<T>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new QueueSourceLogic<T>(this);
        return new LogicAndMaterializedValue<ISourceQueueWithComplete<T>>(logic, new Queue(logic));
    }

    private sealed class Queue(QueueSourceLogic<T> logic) : ISourceQueueWithComplete<T>
    {
        public Task<IQueueOfferResult> OfferAsync(T element)
        {
            var offer = new QueueSourceOffer<T>(element);
            logic.Send(offer);
            return offer.Result.Task;
        }

        public Task WatchCompletionAsync() => logic.Completion.Task;

        public void Complete() => logic.Send(QueueSourceLogic<T>.CompleteSignal);

        public void Fail(Exception ex) => logic.Send(ex);
    }
}
