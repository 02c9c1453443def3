namespace Akka.Streams;

/// <summary>What became of an offered element, one of the types in <see cref="QueueOfferResult"/>.</summary>
public interface IQueueOfferResult;
