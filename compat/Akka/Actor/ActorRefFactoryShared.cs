namespace Akka.Actor;

/// <summary>How texts and paths become selections.</summary>
internal static class ActorRefFactoryShared
{
    public static ActorSelection ActorSelection(ActorPath actorPath, ActorSystem system) =>
        new(((ExtendedActorSystem)system).Provider.RootGuardian, actorPath.Elements);

    /// <summary>A full path, a path from the root, or a path from the given place.</summary>
    public static ActorSelection ActorSelection(string path, ActorSystem system, IActorRef lookupRoot)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        if (path.StartsWith('/')) return new ActorSelection(provider.RootGuardian, path);
        if (!Uri.TryCreate(path, UriKind.Absolute, out _) || !ActorPath.TryParse(path, out var actorPath)) return new ActorSelection(lookupRoot, path);
        return actorPath.Address.Equals(provider.RootPath.Address)
            ? new ActorSelection(provider.RootGuardian, actorPath.Elements)
            : new ActorSelection(provider.DeadLetters, "");
    }
}
