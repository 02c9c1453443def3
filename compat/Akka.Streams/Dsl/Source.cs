using Akka.Actor;
using Akka.Streams.Implementation;

namespace Akka.Streams.Dsl;

/// <summary>Makes sources.</summary>
public static class Source
{
    public static SourceShape<T> Shape<T>(string name) => new(new Outlet<T>(name + ".out"));

    public static Source<T, TMat> FromGraph<T, TMat>(IGraph<SourceShape<T>, TMat> source) =>
        source as Source<T, TMat> ?? new Source<T, TMat>(source.Module);

    /// <summary>The elements of an enumerable, which is enumerated anew for each run, element by element on demand.</summary>
    public static Source<T, NotUsed> From<T>(IEnumerable<T> enumerable)
    {
        ArgumentNullException.ThrowIfNull(enumerable);
        return FromGraph(new EnumerableSource<T>(enumerable.GetEnumerator));
    }

    public static Source<T, NotUsed> FromEnumerator<T>(Func<IEnumerator<T>> enumeratorFactory) =>
        FromGraph(new EnumerableSource<T>(enumeratorFactory));

    public static Source<T, NotUsed> Single<T>(T element) => FromGraph(new SingleSource<T>(element));

    public static Source<T, NotUsed> Empty<T>() => FromGraph(new EmptySource<T>());

    public static Source<T, NotUsed> Failed<T>(Exception cause) => FromGraph(new FailedSource<T>(cause));

    public static Source<T, NotUsed> Never<T>() => FromGraph(new NeverSource<T>());

    public static Source<T, NotUsed> Repeat<T>(T element) => FromGraph(new RepeatSource<T>(element));

    public static Source<T, NotUsed> FromTask<T>(Task<T> task) => FromGraph(new TaskSource<T>(task));

    /// <summary>Emits the tick at each interval; a tick for which there is no demand is dropped.</summary>
    public static Source<T, ICancelable> Tick<T>(TimeSpan initialDelay, TimeSpan interval, T tick) =>
        FromGraph(new TickSource<T>(initialDelay, interval, tick));

    /// <summary>A queue that programs offer elements to; each offer is answered when it is known what became of the element.</summary>
    public static Source<T, ISourceQueueWithComplete<T>> Queue<T>(int bufferSize, OverflowStrategy overflowStrategy)
    {
        if (bufferSize < 0)
            throw new ArgumentException("Buffer size must be greater than or equal 0", nameof(bufferSize));
        return FromGraph(new QueueSource<T>(bufferSize, overflowStrategy));
    }
}
