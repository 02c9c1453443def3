namespace Akka.Streams.Implementation;

/// <summary>An element on its way into a source queue, and the promise of what becomes of it.</summary>
internal sealed class QueueSourceOffer<T>(T element)
{
    public readonly T Element = element;
    public readonly TaskCompletionSource<IQueueOfferResult> Result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Answer(IQueueOfferResult result) => Result.TrySetResult(result);

    public void Reject(Exception cause) => Result.TrySetException(cause);
}
