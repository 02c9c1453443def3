using Akka.Actor;

namespace Akka.Streams;

/// <summary>Gets a materializer of an actor system or of an actor.</summary>
public static class ActorMaterializerExtensions
{
    /// <inheritdoc cref="ActorMaterializer.Create"/>
    public static ActorMaterializer Materializer(
        this IActorRefFactory context, ActorMaterializerSettings settings = null, string namePrefix = null) =>
        ActorMaterializer.Create(context, settings, namePrefix);
}
