namespace Akka.Actor;

/// <summary>How texts and paths become selections.</summary>
internal static class ActorRefFactoryShared
{
    public static ActorSelection ActorSelection(ActorPath actorPath, ActorSystem system) =>
        new(((ExtendedActorSystem)system).Provider.RootGuardianAt(actorPath.Address), actorPath.Elements);

    /// <summary>A full path, a path from the root, or a path from the given place; dead letters for a text that is none of these.</summary>
    public static ActorSelection ActorSelection(string path, ActorSystem system, IActorRef lookupRoot)
    {
        if (string.IsNullOrEmpty(path)) return new ActorSelection(system.DeadLetters, "");
        if (path[0] == '/') return new ActorSelection(((ExtendedActorSystem)system).Provider.RootGuardian, path);
        if (!Uri.IsWellFormedUriString(path, UriKind.Absolute)) return new ActorSelection(lookupRoot, path);
        return ActorPath.TryParse(path, out var actorPath) ? ActorSelection(actorPath, system) : new ActorSelection(system.DeadLetters, "");
    }
}
