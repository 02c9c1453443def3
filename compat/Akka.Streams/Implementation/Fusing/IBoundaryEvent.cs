using Akka.Actor;
using Akka.Event;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>A message to the actor that runs an island. When the island is over they are expected to be lost, so no dead letter is logged.</summary>
internal interface IBoundaryEvent : INoSerializationVerificationNeeded, IDeadLetterSuppression;
