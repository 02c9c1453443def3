using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Finds the decider that is in force for a stage.</summary>
internal static class SupervisionAttributes
{
    public static Decider Decider(this Attributes attributes) =>
        attributes.GetAttribute<ActorAttributes.SupervisionStrategy>()?.Decider ?? Deciders.StoppingDecider;
}
