using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>Ends a system whose coordinated shutdown is stuck.</summary>
internal static class Aborts
{
    public static Task AbortAndWait(this ExtendedActorSystem system)
    {
        system.Abort();
        return system.WhenTerminated.InTime();
    }
}
