using Akka.Actor;

namespace Akka.Streams.Implementation;

/// <summary>Holds the materializer of an actor system.</summary>
internal sealed class DefaultMaterializer : IExtension
{
    private readonly ActorMaterializerImpl _materializer;

    private DefaultMaterializer(ActorSystem system) =>
        _materializer = ActorMaterializerImpl.Create(system, system, ActorMaterializerSettings.Create(system), "Flow");

    public static ActorMaterializer Get(ActorSystem system) => system.WithExtension<DefaultMaterializer, Provider>()._materializer;

    private sealed class Provider : ExtensionIdProvider<DefaultMaterializer>
    {
        public override DefaultMaterializer CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
