namespace Akka.Streams;

/// <summary>The materialized value of a source that programs offer elements to. All members may be called from any thread.</summary>
public interface ISourceQueue<in T>
{
    /// <summary>Completes when it is known what became of the element.</summary>
    Task<IQueueOfferResult> OfferAsync(T element);

    /// <summary>Completes when the stream has ended, failed if it has.</summary>
    Task WatchCompletionAsync();
}
